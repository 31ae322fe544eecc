"""From a posted form to the step somebody wants to take: each step takes only what belongs to it."""

import asyncio
from datetime import date, datetime, time

from starlette.requests import Request

from community.core.cases import Case
from community.core.clock import SHANGHAI
from community.core.errors import NotFound, TransitionNotAllowed
from community.core.messages import clean
from community.core.staff import PARTS, Staff
from community.core.workflow import Ground, Move, Status, acting
from community.services.photos import PhotoStore
from console.desk import desk_of
from console.forms import Form


def move_from(form: Form, case: Case, staff: Staff, photos: tuple[str, ...]) -> Move:
    """What is no date or ground counts as not given. Raises TransitionNotAllowed when it names no state."""
    to = wanted(form)
    return Move(
        to=to,
        actor=acting(case.status, to, PARTS[staff.role]),
        note=clean(form.get("note")),
        until=_end_of_day(form.get("until")) if to is Status.SUSPENDED else None,
        ground=_ground(form.get("ground")) if to is Status.REJECTED else None,
        into=clean(form.get("into")).upper() if to is Status.MERGED else "",
        units=units_in(form) if to is Status.ASSIGNED else (),
        photos=photos,
    )


def wanted(form: Form) -> Status:
    name = form.get("to")
    if name not in set(Status):
        raise TransitionNotAllowed(f"no state {name}")
    return Status(name)


def units_in(form: Form) -> tuple[str, ...]:
    """The lead first; nobody without one, which means those that routing chose."""
    lead = clean(form.get("lead"))
    return tuple(dict.fromkeys((lead, *map(clean, form.all("co_unit"))))) if lead else ()


async def keep_photos(request: Request) -> tuple[str, ...]:
    """Names of the photos of this form, also of those kept when it was refused before.

    Raises PhotoRefused or PhotoTooLarge; what was kept until then stands in `request.state.photos`.
    """
    form, store = request.state.form, desk_of(request).photos
    kept = [name for name in form.all("photo_kept") if _is_kept(store, name)]
    request.state.photos = kept
    for data in form.files:
        kept.append(await asyncio.to_thread(store.keep, data))
    return tuple(dict.fromkeys(kept))


def _is_kept(store: PhotoStore, name: str) -> bool:
    try:
        store.path(name)
    except NotFound:
        return False
    return True


def _ground(name: str) -> Ground | None:
    return Ground(name) if name in set(Ground) else None


def _end_of_day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(23, 59), SHANGHAI)
    except ValueError:
        return None
