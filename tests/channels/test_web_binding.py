"""Staff link their chat by a few words that never reach Rasa."""

import httpx
import pytest

from community.services.binding import bind_code
from tests.channels import rasa_double
from tests.channels.rasa_double import House, RasaDouble
from tests.fakes.makers import a_staff

rasa, house, chat = rasa_double.rasa, rasa_double.house, rasa_double.chat


async def heard(chat: httpx.AsyncClient, text: str) -> str:
    response = await chat.post("/chat/messages", json={"session": "s-1", "text": text})
    [reply] = response.json()["replies"]
    return str(reply["text"])


@pytest.fixture
async def code(house: House) -> str:
    async with house.open_uow() as uow:
        await uow.staff.add(a_staff(username="顾海燕"))
        await uow.commit()
    async with house.open_uow() as uow:
        return await bind_code(uow, "顾海燕")


@pytest.mark.parametrize("words", ["绑定 {}", "绑定{}", "绑定：{}"])
async def test_linked_and_unlinked(
    words: str, code: str, chat: httpx.AsyncClient, house: House, rasa: RasaDouble
) -> None:
    assert await heard(chat, words.format(code)) == house.text("bound", name="顾海燕")
    assert await heard(chat, "解绑") == house.text("unbound", name="顾海燕")
    assert await heard(chat, "解绑") == house.text("not_bound")
    assert rasa.turns == []


async def test_a_wrong_code_is_refused(code: str, chat: httpx.AsyncClient, house: House, rasa: RasaDouble) -> None:
    assert await heard(chat, f"绑定 {(int(code) + 1) % 10**6:06d}") == house.text("bind_failed")
    assert rasa.turns == []


@pytest.mark.parametrize("text", ["怎么绑定", "绑定 12345", "绑定 1234567", "请解绑一下水管"])
async def test_other_words_are_for_rasa(text: str, chat: httpx.AsyncClient, rasa: RasaDouble) -> None:
    await heard(chat, text)
    assert rasa.texts == [text]
