"""The chat page in a real browser, before the real app and a scripted Rasa."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Route,
    ViewportSize,
    async_playwright,
    expect,
)

from community.core.messages import MAX_TEXT, Button, Reply
from community.services.messages import say
from community.services.reference import Reference
from community.services.residents import identify
from tests.channels import rasa_double
from tests.channels.rasa_double import House, RasaDouble, a_house, said, served
from tests.fakes.clock import SetClock

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 568}
DESKTOP = {"width": 1280, "height": 900}

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium in /usr/bin")

rasa, house = rasa_double.rasa, rasa_double.house

WASTE = "3号楼楼下垃圾堆了好几天没人清，臭死了"
CARD = said(
    "请您看一下：\n类别：暴露垃圾\n地点：桂花苑3号楼\n情况：垃圾堆了好几天没人清\n这样报上去可以吗？",
    ("确认", "/affirm"),
    ("修改", "/correct_report"),
    ("取消", "/deny"),
)
DONE = said("报好了，编号 KT20261123-0007。\n由环卫所负责，11月24日 12:00前办结。有进展我马上告诉您。")


@pytest.fixture
async def url(house: House) -> AsyncIterator[str]:
    async with served(house) as url:
        yield url


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def context(browser: Browser) -> BrowserContext:
    return await browser.new_context(viewport=PHONE, has_touch=True, locale="zh-CN")


@pytest.fixture
async def page(context: BrowserContext, url: str) -> AsyncIterator[Page]:
    """A phone with the chat open; whatever the browser complains about fails the test."""
    page = await context.new_page()
    complaints = watch(page)
    await page.goto(url)
    await expect(page.get_by_text("您好，我是客堂")).to_be_visible()
    yield page
    assert complaints == []


def watch(page: Page) -> list[str]:
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        cut_by_a_test = "net::ERR_" in message.text
        if message.type in ("error", "warning") and not cut_by_a_test:
            complaints.append(message.text)

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def box(page: Page) -> Locator:
    return page.get_by_label("写下您要说的话")


def chip(page: Page, title: str) -> Locator:
    return page.get_by_role("button", name=title, exact=True)


def ours(page: Page, text: str) -> Locator:
    return page.locator("article.ours", has_text=text)


def mine(page: Page, text: str) -> Locator:
    return page.locator("article.mine", has_text=text)


async def speak(page: Page, text: str) -> None:
    await box(page).fill(text)
    await page.get_by_role("button", name="发送").click()


async def fits(page: Page) -> bool:
    return await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


async def too_small(page: Page) -> list[str]:
    """What a thumb would miss."""
    return await page.evaluate(
        """[...document.querySelectorAll("button, textarea")]
            .filter((one) => one.getClientRects().length)
            .filter((one) => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().width < 44)
            .map((one) => one.outerHTML)"""
    )


async def test_a_report_from_the_first_word_to_the_number(page: Page, rasa: RasaDouble) -> None:
    rasa.will_say(WASTE, CARD)
    rasa.will_say("确认", DONE)

    await speak(page, WASTE)
    await expect(mine(page, WASTE)).to_be_visible()
    await chip(page, "确认").click()

    await expect(ours(page, "KT20261123-0007")).to_be_visible()
    await expect(mine(page, "确认")).to_be_visible()
    await expect(box(page)).to_have_value("")
    for title in ("确认", "修改", "取消", "我要反映问题"):
        await expect(chip(page, title)).to_be_disabled()
    assert [turn["intent"] and turn["intent"]["name"] for turn in rasa.turns] == [None, "affirm"]


async def test_an_example_can_be_pressed(page: Page, rasa: RasaDouble) -> None:
    await chip(page, "我要反映问题").click()

    await expect(ours(page, "听到：我要反映问题")).to_be_visible()
    assert rasa.turns[0]["intent"] is None


async def test_a_case_number_is_never_broken_over_two_lines(page: Page, rasa: RasaDouble) -> None:
    rasa.will_say(WASTE, DONE)
    await speak(page, WASTE)

    number = page.locator("b", has_text="KT20261123-0007")

    await expect(number).to_have_text("KT20261123-0007")
    assert await number.evaluate("one => one.getClientRects().length") == 1


async def test_the_page_comes_back_with_what_was_said(page: Page, rasa: RasaDouble) -> None:
    rasa.will_say(WASTE, CARD)
    rasa.will_say("等一下", said("不急。", ("继续", "/affirm")))
    await speak(page, WASTE)
    await expect(chip(page, "确认")).to_be_enabled()
    await speak(page, "等一下")
    await expect(chip(page, "继续")).to_be_enabled()

    await page.reload()

    await expect(page.locator("article")).to_have_count(4)
    await expect(page.locator("article").first).to_contain_text(WASTE)
    await expect(chip(page, "确认")).to_be_disabled()
    await expect(chip(page, "继续")).to_be_enabled()
    await expect(page.get_by_text("您好，我是客堂")).to_have_count(0)


async def test_two_people_have_two_conversations(page: Page, browser: Browser, url: str) -> None:
    await speak(page, WASTE)
    await expect(ours(page, "听到")).to_be_visible()

    other = await (await browser.new_context()).new_page()
    await other.goto(url)

    await expect(other.get_by_text("您好，我是客堂")).to_be_visible()
    await expect(other.get_by_text(WASTE)).to_have_count(0)


async def test_a_notice_appears_by_itself_and_once(page: Page, house: House) -> None:
    await speak(page, WASTE)
    await expect(ours(page, "听到")).to_be_visible()
    await page.reload()
    async with house.open_uow() as uow:
        account = await identify(uow, "web", await session_of(page))
        await say(uow, account.id, Reply("已处理，请您看看。", (Button("满意", "/affirm"),)), deliver=True)
        await uow.commit()

    await house.courier.deliver_due()

    await expect(ours(page, "已处理，请您看看。")).to_have_count(1)
    await expect(chip(page, "满意")).to_be_enabled()


async def session_of(page: Page) -> str:
    session: str = await page.evaluate("localStorage.getItem('ketang-session')")
    return session


async def test_what_came_while_the_line_was_broken_is_shown_later(
    context: BrowserContext, house: House, reference: Reference, clock: SetClock, rasa: RasaDouble
) -> None:
    page = await context.new_page()
    async with served(house) as url:
        port = int(url.rsplit(":", 1)[1])
        await page.goto(url)
        await speak(page, WASTE)
        await expect(ours(page, "听到")).to_have_count(1)
    async with house.open_uow() as uow:
        account = await identify(uow, "web", await session_of(page))
        await say(uow, account.id, Reply("已处理，请您看看。"), deliver=True)
        await uow.commit()
    await house.courier.deliver_due()
    await expect(page.get_by_text("网络断开了")).to_be_visible()

    async with a_house(house.open_uow, reference, clock, rasa) as restarted, served(restarted, port):
        await expect(ours(page, "已处理，请您看看。")).to_have_count(1, timeout=15_000)
        await expect(page.get_by_text("网络断开了")).to_be_hidden()
        await expect(ours(page, "听到")).to_have_count(1)
        await page.close()


async def test_offline_the_words_stay_and_are_sent_once(
    context: BrowserContext, page: Page, house: House, rasa: RasaDouble
) -> None:
    """The first post arrives, but its answer is lost on the way: the worst case for a second try."""
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.post_data or "") if is_post(request) else None)

    await context.route("**/chat/messages", lose_the_answer)
    await speak(page, WASTE)
    await expect(page.get_by_role("alert")).to_contain_text("没发出去")
    await expect(box(page)).to_have_value(WASTE)
    await expect(mine(page, WASTE)).to_have_count(0)
    await context.unroute("**/chat/messages")

    await page.get_by_role("button", name="发送").click()

    await expect(ours(page, f"听到：{WASTE}")).to_have_count(1)
    await expect(page.get_by_role("alert")).to_be_hidden()
    await expect(box(page)).to_have_value("")
    assert len(posted) == 2
    assert posted[0] == posted[1]
    assert rasa.texts == [WASTE]


async def lose_the_answer(route: Route) -> None:
    await route.fetch()
    await route.abort()


def is_post(request: Request) -> bool:
    return request.method == "POST"


async def test_another_text_after_a_failure_is_another_message(
    context: BrowserContext, page: Page, rasa: RasaDouble
) -> None:
    await context.route("**/chat/messages", lose_the_answer)
    await speak(page, WASTE)
    await expect(page.get_by_role("alert")).to_be_visible()
    await context.unroute("**/chat/messages")

    await speak(page, "路灯也坏了")

    await expect(ours(page, "听到：路灯也坏了")).to_be_visible()
    assert rasa.texts == [WASTE, "路灯也坏了"]


async def test_a_chip_pressed_offline_can_be_pressed_again(
    context: BrowserContext, page: Page, rasa: RasaDouble
) -> None:
    rasa.will_say(WASTE, CARD)
    await speak(page, WASTE)
    await chip(page, "确认").wait_for()
    await context.route("**/chat/messages", lose_the_answer)
    await chip(page, "确认").click()
    await expect(page.get_by_role("alert")).to_contain_text("再点一次")
    await expect(box(page)).to_have_value("")
    await context.unroute("**/chat/messages")

    await chip(page, "确认").click()

    await expect(ours(page, "听到：确认")).to_have_count(1)
    await expect(mine(page, "确认")).to_have_count(1)
    assert rasa.texts == [WASTE, "确认"]


async def test_a_card_answered_in_another_window_says_so(
    context: BrowserContext, page: Page, house: House, rasa: RasaDouble, url: str
) -> None:
    rasa.will_say(WASTE, CARD)
    await speak(page, WASTE)
    await chip(page, "确认").wait_for()
    other = await context.new_page()
    await other.goto(url)
    await chip(other, "取消").click()
    await expect(ours(other, "听到：取消")).to_be_visible()

    await chip(page, "确认").click()

    await expect(ours(page, house.text("stale_button"))).to_be_visible()


async def test_a_text_too_long_stays_in_the_box(page: Page, rasa: RasaDouble) -> None:
    text = "字" * (MAX_TEXT + 1)

    await speak(page, text)

    await expect(page.get_by_role("alert")).to_contain_text(str(MAX_TEXT))
    await expect(box(page)).to_have_value(text)
    await box(page).press("Backspace")
    await expect(page.get_by_role("alert")).to_be_hidden()
    assert rasa.turns == []


async def test_nothing_written_is_not_sent(page: Page, rasa: RasaDouble) -> None:
    await speak(page, "  \n ")

    await expect(page.get_by_role("alert")).to_contain_text("请先写几个字")
    assert rasa.turns == []


async def test_what_the_server_refuses_stays_in_the_box(context: BrowserContext, house: House, url: str) -> None:
    page = await context.new_page()
    await page.goto(url)
    refusal = {"replies": [{"text": house.text("server_trouble"), "buttons": []}]}
    await context.route("**/chat/messages", lambda route: route.fulfill(status=400, json=refusal))

    await speak(page, WASTE)

    await expect(page.get_by_role("alert")).to_have_text(house.text("server_trouble"))
    await expect(box(page)).to_have_value(WASTE)


async def test_words_with_markup_are_only_words(page: Page, rasa: RasaDouble) -> None:
    text = "<img src=x onerror=alert(1)><b>粗</b>"

    await speak(page, text)

    await expect(mine(page, text)).to_be_visible()
    await expect(ours(page, text)).to_be_visible()
    assert await page.locator("#log img, #log b").count() == 0


async def test_while_the_answer_is_on_its_way_dots_are_shown(page: Page, rasa: RasaDouble) -> None:
    rasa.delay = 0.5

    await speak(page, WASTE)

    await expect(page.get_by_text("客堂正在回复")).to_be_visible()
    await expect(page.get_by_role("button", name="发送")).to_be_disabled()
    await expect(ours(page, "听到")).to_be_visible()
    await expect(page.get_by_text("客堂正在回复")).to_be_hidden()


async def test_a_second_enter_does_not_lose_what_is_being_written(page: Page, rasa: RasaDouble) -> None:
    rasa.delay = 0.3
    await speak(page, WASTE)

    await box(page).fill("路灯也坏了")
    await box(page).press("Enter")

    await expect(ours(page, "听到")).to_be_visible()
    await expect(box(page)).to_have_value("路灯也坏了")
    assert rasa.texts == [WASTE]


async def test_with_the_keyboard_alone(page: Page, rasa: RasaDouble) -> None:
    rasa.will_say("路灯坏了\n在3号楼", CARD)
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await box(page).evaluate("box => box === document.activeElement"):
            break
    await page.keyboard.type("路灯坏了")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("在3号楼")
    await page.keyboard.press("Enter")
    await chip(page, "确认").wait_for()
    await expect(box(page)).to_be_focused()

    for _ in range(3):
        await page.keyboard.press("Shift+Tab")
    await expect(chip(page, "确认")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(ours(page, "听到：确认")).to_be_visible()
    await expect(box(page)).to_be_focused()


async def test_composing_chinese_never_sends(page: Page, rasa: RasaDouble) -> None:
    """Enter picks a candidate while an input method composes; Chromium's own protocol plays the input method."""
    await box(page).focus()
    ime = await page.context.new_cdp_session(page)
    await ime.send("Input.imeSetComposition", {"text": "lu'deng", "selectionStart": 7, "selectionEnd": 7})
    await ime.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    await box(page).dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await ime.send("Input.insertText", {"text": "路灯坏了"})

    await expect(box(page)).to_have_value("路灯坏了")
    assert rasa.turns == []
    await page.keyboard.press("Enter")
    await expect(ours(page, "听到：路灯坏了")).to_be_visible()


async def test_the_box_grows_with_the_words_and_shrinks_again(page: Page) -> None:
    small = await height(box(page))
    await box(page).fill("一行\n" * 4)
    assert await height(box(page)) > small * 2
    await box(page).fill("一行\n" * 80)
    assert await height(box(page)) < PHONE["height"] / 2

    await page.get_by_role("button", name="发送").click()

    await expect(ours(page, "听到")).to_be_visible()
    assert await height(box(page)) == small


async def height(locator: Locator) -> float:
    rectangle = await locator.bounding_box()
    assert rectangle is not None
    return rectangle["height"]


async def test_the_newest_words_are_in_sight(page: Page) -> None:
    for number in range(8):
        await speak(page, f"第{number}件事：{WASTE}")
        await expect(ours(page, f"听到：第{number}件事")).to_be_in_viewport()


async def test_larger_letters_are_remembered(page: Page) -> None:
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = await page.evaluate(size)
    await page.get_by_role("button", name="大字").click()
    larger = await page.evaluate(size)

    await page.reload()

    assert larger > before >= 20
    await expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")
    assert await page.evaluate(size) == larger


@pytest.mark.parametrize("larger", [False, True], ids=["normal", "larger"])
@pytest.mark.parametrize("size", [SMALLEST, PHONE, DESKTOP], ids=["320", "390", "1280"])
async def test_every_width_fits_and_every_target_is_large(
    size: dict[str, int], larger: bool, page: Page, rasa: RasaDouble
) -> None:
    rasa.will_say(WASTE, CARD)
    await page.set_viewport_size(ViewportSize(width=size["width"], height=size["height"]))
    if larger:
        await page.get_by_role("button", name="大字").click()
    await speak(page, WASTE)
    await chip(page, "确认").wait_for()
    await speak(page, "https://example.org/" + "a" * 200)
    await expect(ours(page, "aaaa")).to_be_visible()

    assert await fits(page)
    assert await too_small(page) == []


async def test_without_a_secure_context_and_without_storage_it_still_works(
    context: BrowserContext, url: str, rasa: RasaDouble
) -> None:
    page = await context.new_page()
    complaints = watch(page)
    await page.add_init_script(
        """Object.defineProperty(crypto, "randomUUID", { value: undefined });
        Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied"); } });"""
    )
    await page.goto(url)

    await speak(page, WASTE)

    await expect(ours(page, "听到")).to_be_visible()
    assert complaints == []
