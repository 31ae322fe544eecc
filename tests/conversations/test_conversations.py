"""Every file beside this one is a conversation through channel, Rasa, action and database, checked reply by reply."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import Storage
from community.core.cases import CaseDraft
from community.core.staff import PARTS, Role
from community.core.workflow import Move, Status, acting
from community.services.cases import CaseHistory, change_status, open_case, progress
from community.services.ports import CaseQuery
from community.services.residents import identify
from tests.stack import Stack

FILES = sorted(Path(__file__).parent.glob("*.yml"))
CHANNEL = "web"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_conversation(stack: Stack, path: Path) -> None:
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    for turn in script["turns"]:
        check_turn(stack, path.stem, turn)
    cases = stack.with_storage(lambda storage: cases_of(storage, path.stem))
    stack.with_storage(forget_all)
    assert len(cases) == len(script["cases"])
    for history, expected in zip(cases, script["cases"], strict=True):
        check_case(history, expected)


def check_turn(stack: Stack, session: str, turn: dict[str, Any]) -> None:
    if staff := turn.get("staff"):
        stack.with_storage(lambda storage: staff_steps(storage, session, **staff))
        return
    if neighbour := turn.get("neighbour"):
        stack.with_storage(lambda storage: neighbour_reports(storage, session, **neighbour))
        return
    replies = stack.say(session, turn["says"])
    heard = "\n".join(str(reply["text"]) for reply in replies)
    buttons = [button["title"] for reply in replies for button in reply["buttons"]]  # type: ignore[attr-defined]
    for expected in turn["hears"]:
        assert expected in heard, f"after {turn['says']!r} expected {expected!r} in:\n{heard}"
    for unwanted in turn.get("never", ()):
        assert unwanted not in heard, f"after {turn['says']!r} did not expect {unwanted!r} in:\n{heard}"
    if "buttons" in turn:
        assert buttons == turn["buttons"], heard


def check_case(history: CaseHistory, expected: dict[str, Any]) -> None:
    case = history.case
    for name, value in expected.items():
        if name == "events":
            assert [event.kind.value for event in history.events] == value
        else:
            assert getattr(case, name) == value, f"{name} of {case.number}"


async def cases_of(storage: Storage, session: str) -> list[CaseHistory]:
    """The oldest first."""
    async with storage.open_uow() as uow:
        account = await uow.residents.find_account(CHANNEL, session)
        assert account is not None
        return (await progress(uow, account.id, number=None, service_codes=[]))[::-1]


async def staff_steps(storage: Storage, session: str, to: str, note: str = "") -> None:
    """What the desk does with the resident's newest case meanwhile."""
    newest = (await cases_of(storage, session))[-1].case
    async with storage.open_uow() as uow:
        actor = acting(newest.status, Status(to), PARTS[Role.ADMIN])
        move = Move(to=Status(to), actor=actor, note=note, photos=("after.jpg",))
        await change_status(uow, newest.id, newest.version, move, actor_name="dispatcher")


async def neighbour_reports(storage: Storage, session: str, **fields: Any) -> None:
    """Somebody else has told the same before."""
    async with storage.open_uow() as uow:
        account = await identify(uow, CHANNEL, f"neighbour-of-{session}")
        await open_case(uow, CaseDraft(account_id=account.id, origin=f"neighbour of {session}", **fields))


async def forget_all(storage: Storage) -> None:
    """Conversations tell of the same matters, and must not be offered those of others."""
    async with storage.open_uow() as uow:
        for case in (await uow.cases.search(CaseQuery(page_size=1000))).cases:
            await uow.duplicates.forget(case.id)
        await uow.commit()
