"""A position that a resident shared in the chat: what it means, and which case it belongs to."""

from collections.abc import Iterable
from datetime import timedelta

from community.core.areas import Level
from community.core.messages import Button, Direction
from community.services.locate import Located, locate_area, locate_point
from community.services.ports import UnitOfWork
from community.services.reference import Reference

Position = tuple[float, float]  # longitude and latitude in WGS-84 degrees

_LASTS = timedelta(minutes=30)  # then somebody may have walked on
_LOOKED_AT = 50  # messages
_MOST = 10  # buttons


async def position_words(uow: UnitOfWork, position: Position) -> str:
    """The neighbourhood's name; where it is not certain, a text that says no more than that something came."""
    located = await locate_point(uow, *position)
    return uow.reference.areas.name(located.area_code) or uow.reference.texts.render("position_shared")


async def recent_position(uow: UnitOfWork, account_id: int) -> Position | None:
    """The newest one of the last half hour."""
    recent = await uow.messages.conversation(account_id, after=0, limit=_LOOKED_AT)
    for message in reversed(recent):
        if message.direction is Direction.IN and message.longitude is not None and message.latitude is not None:
            fresh = uow.now() - message.at <= _LASTS
            return (message.longitude, message.latitude) if fresh else None
    return None


async def located_now(uow: UnitOfWork, account_id: int) -> Located:
    """What lies where this person is; all empty when they have not said."""
    position = await recent_position(uow, account_id)
    return await locate_point(uow, *position) if position else Located(None, None)


async def position_for(uow: UnitOfWork, account_id: int, area_code: str | None) -> Position | None:
    """The shared position, unless what is reported lies in another neighbourhood."""
    position = await recent_position(uow, account_id)
    if position is None or not area_code:
        return position
    located = await locate_point(uow, *position)
    return position if area_code in (located.area_code, *located.candidates) else None


async def area_choices(uow: UnitOfWork, account_id: int, named: Iterable[str]) -> tuple[str, ...]:
    """Neighbourhoods to choose from: those of a town or zone that was named, else those around a shared position."""
    areas = uow.reference.areas
    for code in named:
        if code in areas and areas[code].level < Level.NEIGHBOURHOOD:
            return (await locate_area(uow, code)).candidates[:_MOST]
    return (await located_now(uow, account_id)).candidates[:_MOST]


def area_buttons(reference: Reference, codes: Iterable[str]) -> tuple[Button, ...]:
    return tuple(Button(reference.areas.name(code), f"/inform?area_code={code}") for code in codes)
