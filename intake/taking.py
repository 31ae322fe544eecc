"""A report from elsewhere becomes a case: once for each id of the other side, with its contacts kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from community.core.areas import Areas
from community.core.cases import Case, CaseDraft
from community.core.messages import clean
from community.core.privacy import mask_contacts
from community.services.cases import take_up
from community.services.ports import UnitOfWork
from community.services.residents import identify, remember_contacts
from intake.desk import Desk


@dataclass(frozen=True)
class Reporter:
    """An account by name. One that `is_shared` by many people gets nobody's contacts: who leaves some has their own."""

    name: str
    is_shared: bool = False


async def take_in(
    uow: UnitOfWork, reporter: Reporter, draft: CaseDraft, contacts: Sequence[str] = ()
) -> tuple[Case, bool]:
    """The case and whether it is new, in the transaction under way; what was reported before writes nothing.

    The account of the reporter is on the channel that is called like the draft's source.
    """
    if known := await uow.cases.by_origin(draft.origin):
        return known, False
    draft, found = _masked(draft)
    said = [*contacts, *found]
    channel = draft.source.value
    own = draft.origin.removeprefix(f"{channel}:")
    account = await identify(uow, channel, own if said and reporter.is_shared else reporter.name)
    if said:
        await remember_contacts(uow, account.resident_id, said)
    return await take_up(uow, replace(draft, account_id=account.id))


async def take_in_one(
    desk: Desk, reporter: Reporter, draft: CaseDraft, contacts: Sequence[str] = ()
) -> tuple[Case, bool]:
    """The same in a transaction of its own."""
    async with desk.writing, desk.open_uow() as uow:
        case, is_new = await take_in(uow, reporter, draft, contacts)
        if is_new:
            await uow.commit()
    if is_new:
        desk.wake()
    return case, is_new


def _masked(draft: CaseDraft) -> tuple[CaseDraft, list[str]]:
    description, in_description = mask_contacts(clean(draft.description))
    address, in_address = mask_contacts(clean(draft.address))
    area_masked = replace(draft, description=description, address=address)
    return area_masked, [*in_description, *in_address]


def named_area(areas: Areas, address: str) -> str | None:
    """The neighbourhood that an address names, if it names one only."""
    named = [
        area.code
        for area in areas.neighbourhoods.values()
        if any(name in address for name in (area.name, *area.aliases))
    ]
    return named[0] if len(named) == 1 else None
