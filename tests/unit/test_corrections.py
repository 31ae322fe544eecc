import csv
from pathlib import Path

from bot.corrections import write_corrections
from community.core.cases import CaseEvent, EventKind
from community.core.workflow import Actor
from tests.fakes.clock import NOON
from tests.fakes.makers import OpenUow, a_case, an_account


class OnlyUow:
    """As much of a storage as writing corrections needs."""

    def __init__(self, open_uow: OpenUow) -> None:
        self.open_uow = open_uow


async def test_every_reviewed_case_is_a_row(open_uow: OpenUow, tmp_path: Path) -> None:
    async with open_uow() as uow:
        account = await an_account(uow)
        for kind, words in ((EventKind.CODE_CORRECTED, "“排水”口，\n堵了"), (EventKind.OPENED, "没人看过")):
            case = a_case(account_id=account.id, description=words, service_code="drainage")
            await uow.cases.add(case)
            await uow.cases.add_event(CaseEvent(case_id=case.id, kind=kind, at=NOON, actor=Actor.DISPATCHER))
        await uow.commit()
    target = tmp_path / "corrections.csv"
    assert await write_corrections(OnlyUow(open_uow), target) == 1  # type: ignore[arg-type]
    with target.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [{"text": "“排水”口，\n堵了", "service_code": "drainage"}]
