"""评价归档: confirming, rating, and who is asked again."""

import pytest

from community.core.cases import Case, EventKind
from community.core.errors import BadRating, TransitionNotAllowed
from community.core.residents import ChannelAccount
from community.core.workflow import Actor, Status
from community.services.ratings import confirm_solved, rate_case
from tests.fakes.makers import OpenUow
from tests.unit.services.loop import assert_in_step, events_of, opened, stored, take, told, walk

DONE = (Status.ASSIGNED, Status.RESOLVED, Status.VERIFIED)


@pytest.fixture
async def verified(open_uow: OpenUow, account: ChannelAccount) -> Case:
    return await walk(open_uow, await opened(open_uow, account.id), *DONE)


async def _rate(open_uow: OpenUow, case: Case, score: int, words: str = "") -> Case:
    async with open_uow() as uow:
        await rate_case(uow, await uow.cases.get(case.id) or case, score, words)
        await assert_in_step(uow, case)
    return await stored(open_uow, case)


async def test_the_resident_says_that_it_is_solved(open_uow: OpenUow, verified: Case) -> None:
    heard = await told(open_uow, verified.account_id)
    async with open_uow() as uow:
        archived = await confirm_solved(uow, verified)
    assert (archived.status, (await events_of(open_uow, verified))[-1].actor) == (Status.ARCHIVED, Actor.RESIDENT)
    assert await told(open_uow, verified.account_id) == heard  # they said it themselves


@pytest.mark.parametrize("score", range(1, 6))
async def test_scores_from_one_to_five(open_uow: OpenUow, verified: Case, score: int) -> None:
    assert (await _rate(open_uow, verified, score, " 还行\x00 ")).rating == score
    last = (await events_of(open_uow, verified))[-1]
    assert (last.kind, last.note, last.data) == (EventKind.RATED, "还行", {"score": score})


async def test_who_rates_again_changes_their_mind(open_uow: OpenUow, verified: Case) -> None:
    await _rate(open_uow, verified, 5)
    await take(open_uow, verified, Status.ARCHIVED)
    assert (await _rate(open_uow, verified, 1)).rating == 1


@pytest.mark.parametrize("score", [0, 6, -1])
async def test_other_scores_are_refused(open_uow: OpenUow, verified: Case, score: int) -> None:
    with pytest.raises(BadRating):
        await _rate(open_uow, verified, score)
    assert await stored(open_uow, verified) == verified


async def test_before_it_is_done_there_is_nothing_to_rate(open_uow: OpenUow, account: ChannelAccount) -> None:
    case = await opened(open_uow, account.id)
    for to in (Status.ASSIGNED, Status.RESOLVED):
        case = await take(open_uow, case, to)
        with pytest.raises(BadRating):
            await _rate(open_uow, case, 5)
    async with open_uow() as uow:
        with pytest.raises(TransitionNotAllowed):
            await confirm_solved(uow, case)


async def test_a_new_round_is_rated_anew(open_uow: OpenUow, verified: Case) -> None:
    await _rate(open_uow, verified, 2)
    assert (await take(open_uow, verified, Status.REOPENED)).rating is None
    assert (await walk(open_uow, verified, *DONE)).rating is None
