"""A position shared in the web chat becomes words where they are certain, and is kept with the message."""

from typing import Any

import httpx
import pytest

from tests.channels import rasa_double
from tests.channels.rasa_double import House, RasaDouble
from tests.fakes.makers import a_grid, square

rasa, house, chat = rasa_double.rasa, rasa_double.house, rasa_double.chat

INSIDE = {"longitude": 121.252, "latitude": 31.365}
BETWEEN = {"longitude": 121.26, "latitude": 31.365}
NOWHERE = {"longitude": 10.0, "latitude": 10.0}


@pytest.fixture(autouse=True)
async def _grids(house: House) -> None:
    """桂花苑 in the west, 梅园 in the east of 121.26."""
    grids = (
        a_grid(code="gd-1", area_code="nb-guihuayuan", polygon=square(121.25, 31.36)),
        a_grid(code="gd-2", area_code="nb-meiyuan", polygon=square(121.26, 31.36)),
    )
    async with house.open_uow() as uow:
        await uow.grids.save_all(grids)
        await uow.commit()


async def post(chat: httpx.AsyncClient, text: str = "", **fields: Any) -> httpx.Response:
    return await chat.post("/chat/messages", json={"session": "s-1", "text": text, **fields})


async def test_inside_a_neighbourhood_its_name_is_what_was_said(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    await post(chat, **INSIDE)
    assert rasa.texts == ["桂花苑"]
    kept = (await house.conversation("s-1"))[0]
    assert (kept.text, kept.longitude, kept.latitude) == ("桂花苑", 121.252, 31.365)


async def test_words_beside_a_position_stay_the_words(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    await post(chat, "这里路灯坏了", **NOWHERE)
    assert rasa.texts == ["这里路灯坏了"]
    assert (await house.conversation("s-1"))[0].longitude == 10.0


async def test_on_a_border_one_chooses(chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    [reply] = (await post(chat, **BETWEEN)).json()["replies"]
    assert reply["text"] == house.text("position_between")
    payloads = {button["title"]: button["payload"] for button in reply["buttons"]}
    assert payloads == {"桂花苑": "/inform?area_code=nb-guihuayuan", "梅园": "/inform?area_code=nb-meiyuan"}
    await post(chat, payloads["梅园"], button=True)
    assert rasa.turns[-1]["intent"] == {"name": "inform", "entities": {"area_code": "nb-meiyuan"}}


async def test_where_nothing_of_ours_is_the_name_is_asked_for(
    chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    [reply] = (await post(chat, **NOWHERE)).json()["replies"]
    assert reply["text"] == house.text("position_unknown")
    assert rasa.turns == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"longitude": 121.25},
        {"longitude": "121.25", "latitude": "31.36"},
        {"longitude": True, "latitude": 31.36},
        {"longitude": 181, "latitude": 31.36},
        {"longitude": 10**400, "latitude": 31.36},
    ],
)
async def test_what_is_no_position_is_refused(wrong: dict[str, Any], chat: httpx.AsyncClient, house: House) -> None:
    assert (await post(chat, "路灯坏了", **wrong)).status_code == 400
    assert await house.conversation("s-1") == []


async def test_no_position_and_no_words_is_still_nothing(chat: httpx.AsyncClient, house: House) -> None:
    [reply] = (await post(chat)).json()["replies"]
    assert reply["text"] == house.text("empty_message")
