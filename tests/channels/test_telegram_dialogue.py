"""What people experience in Telegram, both ways that updates can come."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.channels.telegram.callbacks import ChoiceCallback
from community.services.reference import Reference
from tests.channels.bot_api import TOKEN
from tests.channels.bot_api_support import SECRET, Builder, House, Person, ground
from tests.channels.rasa_double import said
from tests.fakes.backends import Backend
from tests.fakes.clock import SetClock
from tests.fakes.makers import a_grid, square

REPORT = "3号楼楼下垃圾堆了好几天没人清，我电话13812345678"
MASKED = "3号楼楼下垃圾堆了好几天没人清，我电话138****5678"
CARD = said("请您看一下", ("确认", "/affirm"), ("修改", "/correct_report?part=choose"), ("取消", "/deny"))
DONE = said("报好了，编号 KT20261123-0001。")


@pytest.fixture(params=["polling", "webhook"])
async def builder(
    request: pytest.FixtureRequest, sqlite_backend: Backend, reference: Reference, clock: SetClock
) -> AsyncIterator[Builder]:
    async with ground(request.param, sqlite_backend.open_uow, reference, clock) as builder:
        yield builder


@pytest.fixture
async def house(builder: Builder) -> AsyncIterator[House]:
    builder.rasa.will_say(MASKED, CARD)
    builder.rasa.will_say("确认", DONE)
    async with builder.house() as house:
        yield house


@pytest.fixture
def guifang(builder: Builder) -> Person:
    return Person(builder.api, 7001001)


@pytest.fixture
def amei(builder: Builder) -> Person:
    return Person(builder.api, 7001002)


@pytest.fixture(autouse=True)
def _nothing_personal_is_logged(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("INFO")
    yield
    logged = caplog.text + "".join(capsys.readouterr())
    for secret in (TOKEN, SECRET, "13812345678", "楼", "灯", "这条消息", "路灯"):
        assert secret not in logged


async def test_a_text_is_answered_with_buttons(house: House, guifang: Person) -> None:
    await guifang.says(REPORT)
    card = await guifang.reads()
    assert (card.text, card.titles) == ("请您看一下", ["确认", "修改", "取消"])
    assert house.rasa.texts == [MASKED]


async def test_a_press_is_acknowledged_marks_the_card_and_goes_on(house: House, guifang: Person) -> None:
    await guifang.says(REPORT)
    card = await guifang.reads()
    press = await guifang.presses("确认")
    assert (await guifang.reads()).text == "报好了，编号 KT20261123-0001。"
    assert house.api.answered == [press["callback_query"]["id"]]
    assert (guifang.screen[0].text, guifang.screen[0].titles) == (f"{card.text}\n✓ 确认", [])
    assert house.rasa.turns[-1]["intent"] == {"name": "affirm", "entities": {}}


async def test_a_button_keeps_its_entities(house: House, guifang: Person) -> None:
    await guifang.says(REPORT)
    await guifang.reads()
    await guifang.presses("修改")
    await guifang.reads()
    assert house.rasa.turns[-1]["intent"] == {"name": "correct_report", "entities": {"part": "choose"}}


async def test_a_typed_title_presses_too(house: House, guifang: Person) -> None:
    await guifang.says(REPORT)
    await guifang.reads()
    await guifang.says("确认")
    assert (await guifang.reads()).text == "报好了，编号 KT20261123-0001。"
    assert house.rasa.turns[-1]["intent"] == {"name": "affirm", "entities": {}}


async def test_a_press_of_somebody_elses_card_is_refused(house: House, guifang: Person, amei: Person) -> None:
    await guifang.says(REPORT)
    card = await guifang.reads()
    press = await amei.presses("确认", card)
    assert (await amei.reads()).text == house.text("stale_button")
    assert press["callback_query"]["id"] in house.api.answered
    assert guifang.screen == [card]
    assert len(house.rasa.turns) == 1


async def test_an_older_card_cannot_answer_for_a_newer_one(house: House, guifang: Person) -> None:
    """Both offer 确认 with the same payload."""
    house.rasa.will_say("是后门", said("改好了，请您再看一下", ("确认", "/affirm")))
    await guifang.says(REPORT)
    old = await guifang.reads()
    await guifang.says("是后门")
    await guifang.reads()
    await guifang.presses("确认", old)
    assert (await guifang.reads()).text == house.text("stale_button")
    assert house.rasa.texts == [MASKED, "是后门"]


@pytest.mark.parametrize("second", ["确认", "取消"])
async def test_a_double_press_is_one_turn(house: House, guifang: Person, second: str) -> None:
    await guifang.says(REPORT)
    card = await guifang.reads()
    await guifang.presses("确认", card)
    await guifang.presses(second, card)
    assert (await guifang.reads()).text == "报好了，编号 KT20261123-0001。"
    await house.api.settled()
    assert (house.rasa.texts, guifang.unread()) == ([MASKED, "确认"], [])
    assert guifang.screen[0].text.endswith("✓ 确认")
    assert len(house.api.answered) == 2


@pytest.mark.parametrize("data", ["choice:1:99", "choice:99999:0", f"choice:{10**30}:0", "choice:1:-1", "old:1", "x"])
async def test_a_button_that_leads_nowhere(house: House, guifang: Person, data: str) -> None:
    await guifang.says(REPORT)
    card = await guifang.reads()
    press = await guifang.presses_data(data, card)
    assert (await guifang.reads()).text == house.text("stale_button")
    assert house.api.answered == [press["callback_query"]["id"]]


async def test_a_repeated_press_update_is_one_turn(house: House, guifang: Person) -> None:
    await guifang.says(REPORT)
    await guifang.reads()
    press = await guifang.presses("确认")
    await guifang.reads()
    await guifang.repeats(press)
    await house.api.settled()
    assert (house.rasa.texts, guifang.unread()) == ([MASKED, "确认"], [])


@pytest.mark.parametrize("name", ["inaccessible_callback", "foreign_callback"])
async def test_a_press_on_a_card_unknown_to_us(house: House, guifang: Person, name: str) -> None:
    await guifang.sends(name)
    assert (await guifang.reads()).text == house.text("stale_button")


async def test_a_press_on_a_card_that_telegram_no_longer_shows(house: House, guifang: Person) -> None:
    await guifang.says(REPORT)
    card = await guifang.reads()
    query = {
        "id": "30070",
        "from": {"id": guifang.id, "is_bot": False, "first_name": "桂芳"},
        "chat_instance": "-1",
        "message": {"chat": {"id": guifang.id, "type": "private"}, "message_id": card.message_id, "date": 0},
        "data": card.buttons["确认"],
    }
    await house.api.push({"update_id": next(house.api.numbers), "callback_query": query})
    assert (await guifang.reads()).text == "报好了，编号 KT20261123-0001。"


@pytest.mark.parametrize("as_new", [False, True], ids=["same-update", "same-message"])
async def test_what_telegram_hands_out_twice_is_heard_once(house: House, guifang: Person, as_new: bool) -> None:
    first = await guifang.says(REPORT)
    await guifang.reads()
    await guifang.repeats(first, as_new=as_new)
    await guifang.says("第二句")
    assert (await guifang.reads()).text == "听到：第二句"
    assert house.rasa.texts == [MASKED, "第二句"]


async def test_messages_within_a_second_are_answered_in_order(house: House, guifang: Person) -> None:
    house.rasa.delay = 0.02
    words = [f"第{n}句" for n in range(1, 9)]
    for word in words:
        await guifang.says(word)
    assert [(await guifang.reads()).text for _ in words] == [f"听到：{word}" for word in words]
    assert house.rasa.texts == words
    assert not house.rasa.overlapped


async def test_a_press_and_a_text_right_after_it_keep_their_order(house: House, guifang: Person) -> None:
    await guifang.says(REPORT)
    await guifang.reads()
    await guifang.presses("确认")
    await guifang.says("谢谢")
    await guifang.reads()
    await guifang.reads()
    assert house.rasa.texts == [MASKED, "确认", "谢谢"]


async def test_one_slow_turn_does_not_mix_up_two_people(house: House, guifang: Person, amei: Person) -> None:
    await guifang.says("我是桂芳")
    await amei.says("我是阿美")
    assert (await guifang.reads()).text == "听到：我是桂芳"
    assert (await amei.reads()).text == "听到：我是阿美"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("start", "welcome"),
        ("start_from_link", "welcome"),
        ("sticker", "unsupported_message"),
        ("voice", "unsupported_message"),
        ("location", "position_unknown"),
        ("photo", "unsupported_message"),
        ("emoji_only", "only_emoji"),
    ],
)
async def test_what_has_no_words_gets_a_clear_answer(house: House, guifang: Person, name: str, key: str) -> None:
    await guifang.sends(name)
    assert (await guifang.reads()).text == house.text(key)
    assert house.rasa.turns == []


async def test_a_shared_location_is_the_name_of_its_neighbourhood(house: House, guifang: Person) -> None:
    async with house.open_uow() as uow:
        await uow.grids.save_all([a_grid(area_code="nb-meiyuan", polygon=square(121.22, 31.03))])
        await uow.commit()
    await guifang.sends("location")
    assert (await guifang.reads()).text == "听到：梅园"
    assert house.rasa.texts == ["梅园"]


async def test_a_text_longer_than_we_read_is_refused_with_its_length(house: House, guifang: Person) -> None:
    await guifang.sends("longest_text")
    assert (await guifang.reads()).text == house.text("too_long_message", length=4096, limit=4000)


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("text", "3号楼楼下垃圾堆了好几天没人清，臭死了"),
        ("caption_photo", "小区北门路灯坏了三盏"),
        ("lone_surrogates", "楼道灯坏了两盏"),
    ],
)
async def test_words_reach_the_dialogue(house: House, guifang: Person, name: str, heard: str) -> None:
    await guifang.sends(name)
    assert (await guifang.reads()).text == f"听到：{heard}"


@pytest.mark.parametrize("text", ['/open_case{"x":1}', "/restart", "/startle", "choice:1:0", "０"])
async def test_a_typed_command_is_plain_text(house: House, guifang: Person, text: str) -> None:
    await guifang.says(text)
    await guifang.reads()
    assert [(turn["text"], turn["intent"]) for turn in house.rasa.turns] == [(text, None)]


@pytest.mark.parametrize(
    "name", ["edited_message", "group_message", "group_join", "unknown_type", "ill_formed_message"]
)
async def test_what_does_not_concern_us_is_left_alone(house: House, guifang: Person, name: str) -> None:
    await guifang.sends(name)
    await guifang.says("还在吗")
    assert (await guifang.reads()).text == "听到：还在吗"
    await house.api.settled()
    assert house.rasa.texts == ["还在吗"]
    assert len(house.api.sent) == 1


async def test_an_answer_longer_than_a_telegram_message_comes_in_pieces(house: House, guifang: Person) -> None:
    """A card repeats up to 4000 characters of the resident's own words."""
    long = "类别：暴露垃圾\n" + "臭" * 4090
    house.rasa.will_say("长", said(long, ("确认", "/affirm")))
    await guifang.says("长")
    first, second = await guifang.reads(), await guifang.reads()
    assert "".join((first.text, second.text)) == long
    assert (first.titles, second.titles) == ([], ["确认"])


async def test_a_card_too_full_for_a_mark_only_loses_its_buttons(house: House, guifang: Person) -> None:
    house.rasa.will_say("满", said("臭" * 4094, ("确认", "/affirm")))
    await guifang.says("满")
    card = await guifang.reads()
    await guifang.presses("确认")
    await guifang.reads()
    assert (guifang.screen[0].text, guifang.screen[0].titles) == (card.text, [])


async def test_four_buttons_stand_below_each_other(house: House, guifang: Person) -> None:
    house.rasa.will_say("选", said("选哪个", *((f"选项{n}", f'/inform{{"n":{n}}}') for n in range(4))))
    await guifang.says("选")
    await guifang.reads()
    rows = house.api.called("sendMessage")[0]["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in rows] == [1, 1, 1, 1]


async def test_only_what_we_understand_is_asked_for(house: House, guifang: Person) -> None:
    await guifang.says("在吗")
    await guifang.reads()
    asked = house.api.called("setWebhook" if house.by == "webhook" else "getUpdates")[0]
    assert sorted(asked["allowed_updates"]) == ["callback_query", "message"]


def test_callback_data_fits_for_the_largest_message_id() -> None:
    assert len(ChoiceCallback(message=2**63 - 1, index=99).pack().encode()) <= 64
