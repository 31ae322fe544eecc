"""The main job through Telegram: a real dispatcher, a real Rasa, and a Bot API server on loopback."""

import asyncio
from pathlib import Path

from bot.app import Storage
from community.core.workflow import Actor, Move, Status
from community.services.cases import change_status
from tests.channels.bot_api import TOKEN, BotApi
from tests.channels.bot_api_support import Person
from tests.stack import Stack

REPORT = "3号楼楼下垃圾堆了好几天没人清,臭死了"


async def test_a_report_becomes_a_case_and_its_progress_is_told(tmp_path: Path) -> None:
    api = BotApi()
    await api.start()
    stack = Stack(tmp_path, {"KETANG_TELEGRAM_TOKEN": TOKEN, "KETANG_TELEGRAM_API_BASE": api.url})
    try:
        await asyncio.to_thread(stack.start)
        await asyncio.to_thread(stack.wait_until_ready)
        await live_through(stack, Person(api, 7001))
    finally:
        if stack.process is not None:
            await asyncio.to_thread(stack.stop)
        await api.stop()


async def live_through(stack: Stack, auntie: Person) -> None:
    await auntie.says(REPORT)
    assert "哪个小区" in (await auntie.reads()).text
    await auntie.says("桂花苑")
    card = await auntie.reads()
    assert "桂花苑3号楼楼下" in card.text
    assert list(card.buttons) == ["确认", "修改", "取消"]
    await auntie.presses("确认")
    opened = (await auntie.reads()).text
    assert "KT20261123-0001" in opened
    assert "市容环卫所" in opened
    assert "前办结" in opened
    assert auntie.screen[1].text.endswith("✓ 确认"), "the card shows what was chosen"
    await asyncio.to_thread(stack.with_storage, assign)
    await auntie.says("我上次反映的垃圾怎么样了")
    told = [(await auntie.reads()).text, (await auntie.reads()).text]
    assert any("市容环卫所处理" in text for text in told), "the notice of the desk"
    assert any("正在处理" in text for text in told), "the answer to the question"


async def assign(storage: Storage) -> None:
    async with storage.open_uow() as uow:
        case = await uow.cases.by_number("KT20261123-0001")
        assert case is not None
        move = Move(to=Status.ASSIGNED, actor=Actor.DISPATCHER)
        await change_status(uow, case.id, case.version, move, actor_name="dispatcher")
