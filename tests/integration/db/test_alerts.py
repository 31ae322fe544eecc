"""What every alert repository must do."""

import pytest
from sqlalchemy.exc import IntegrityError

from community.core.alerts import Alert, AlertKind
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_case, an_account, an_alert


async def _four(open_uow: OpenUow) -> list[Alert]:
    """Three of one case and one of another, the second of them seen."""
    async with open_uow() as uow:
        account = await an_account(uow)
        cases = [a_case(account_id=account.id) for _ in range(2)]
        for case in cases:
            await uow.cases.add(case)
        alerts = [an_alert(case_id=cases[n].id, level=level) for level, n in enumerate((0, 0, 1, 0))]
        alerts[1].seen_at, alerts[1].seen_by = NOON, "王芳"
        for alert in alerts:
            await uow.alerts.add(alert)
        await uow.commit()
    return alerts


async def test_alerts_come_back_as_they_were(open_uow: OpenUow) -> None:
    alerts = await _four(open_uow)
    async with open_uow() as uow:
        assert [await uow.alerts.get(alert.id) for alert in alerts] == alerts
        assert await uow.alerts.get(404) is None
        assert await uow.alerts.of_case(alerts[0].case_id) == [alerts[0], alerts[1], alerts[3]]
        assert await uow.alerts.of_case(404) == []


async def test_the_unseen_the_newest_first(open_uow: OpenUow) -> None:
    alerts = await _four(open_uow)
    async with open_uow() as uow:
        assert await uow.alerts.unseen(limit=9) == [alerts[3], alerts[2], alerts[0]]
        assert await uow.alerts.unseen(limit=1) == [alerts[3]]
        assert await uow.alerts.count_unseen() == 3


async def test_saving_writes_every_field(open_uow: OpenUow) -> None:
    alert = (await _four(open_uow))[0]
    alert.seen_at, alert.seen_by, alert.names, alert.kind = NOON, "王芳", ("甲", "乙💡"), AlertKind.EMERGENCY
    async with open_uow() as uow:
        await uow.alerts.save(alert)
        await uow.commit()
    async with open_uow() as uow:
        assert await uow.alerts.get(alert.id) == alert


async def test_an_alert_needs_its_case(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        with pytest.raises(IntegrityError):
            await uow.alerts.add(an_alert(case_id=404))
