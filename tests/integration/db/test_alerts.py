"""What every alert repository must do."""

from dataclasses import replace

from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_case, an_account, an_alert


async def test_alerts_not_seen_yet_come_before_the_others(open_uow: OpenUow) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        case = a_case(account_id=account.id)
        await uow.cases.add(case)
        alerts = [an_alert(case_id=case.id, unit_code=unit) for unit in ("water", "police", "water", "water")]
        for alert in alerts:
            await uow.alerts.add(alert)
        seen = replace(alerts[3], seen_at=NOON, seen_by="王芳")
        await uow.alerts.save(seen)
        first, police, third, _ = alerts
        assert await uow.alerts.latest(9) == [third, police, first, seen]
        assert await uow.alerts.latest(2) == [third, police]
        assert await uow.alerts.latest(9, "water") == [third, first, seen]
        assert await uow.alerts.of_case(case.id) == [first, police, third, seen]
        assert await uow.alerts.unseen(9) == [third, police, first]
        assert [await uow.alerts.count_unseen(unit) for unit in ("", "water", "police", "gas")] == [3, 2, 1, 0]
