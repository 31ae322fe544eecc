"""绑定 123456: how staff link their chat; said to us and not to Rasa, since it is no part of any conversation."""

import re
import unicodedata

from community.core.errors import BadBindCode, NotFound
from community.core.messages import Reply
from community.services.binding import bind, unbind
from community.services.messages import Turn
from community.services.ports import UnitOfWork, UnitOfWorkFactory

_BIND = re.compile(r"绑定\s*[::]?\s*(\d{6})")
_UNBIND = re.compile("解绑|解除绑定|取消绑定")


class Binding:
    def __init__(self, open_uow: UnitOfWorkFactory) -> None:
        self._open_uow = open_uow

    async def answer(self, turn: Turn) -> list[Reply] | None:
        """None when the turn is about something else."""
        text = unicodedata.normalize("NFKC", turn.text)
        if found := _BIND.fullmatch(text):
            async with self._open_uow() as uow:
                return [await _bound(uow, turn.message.account_id, found[1])]
        if _UNBIND.fullmatch(text):
            async with self._open_uow() as uow:
                return [await _unbound(uow, turn.message.account_id)]
        return None


async def _bound(uow: UnitOfWork, account_id: int, code: str) -> Reply:
    try:
        staff = await bind(uow, account_id, code)
    except BadBindCode:
        return Reply(uow.reference.texts.render("bind_failed"))
    return Reply(uow.reference.texts.render("bound", name=staff.username))


async def _unbound(uow: UnitOfWork, account_id: int) -> Reply:
    try:
        staff = await unbind(uow, account_id)
    except NotFound:
        return Reply(uow.reference.texts.render("not_bound"))
    return Reply(uow.reference.texts.render("unbound", name=staff.username))
