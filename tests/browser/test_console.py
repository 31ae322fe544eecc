"""The console in a real browser: what a dispatcher does all day, on a desk and on a phone, without a script."""

import asyncio
import os
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright
from starlette.applications import Starlette

from community.core.alerts import AlertKind
from community.core.cases import Guess, Urgency
from community.core.messages import Button, Reply
from community.core.staff import Role
from community.core.workflow import Status
from community.db.migrate import upgrade
from community.services.alerts import raise_alert
from community.services.messages import complete, receive
from community.services.photos import PhotoStore
from community.services.reference import load_reference
from community.services.staff import create_staff
from tests.console.office import PASSWORD, PHONE, Office, picture, product
from tests.fakes.backends import engine_at, sql_backend
from tests.fakes.clock import NOON, SetClock

CHROMIUM = Path("/usr/bin/chromium")
DATA = Path(__file__).parents[2] / "data"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESK, PHONE_SIZE = (1280, 900), (390, 844)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs a browser: {CHROMIUM} (apt install chromium)")

S = Status
DONE = [S.ASSIGNED, S.RESOLVED, S.VERIFIED, S.ARCHIVED]
SEEDS: list[tuple[str, str, str, Urgency, float, list[Status], int]] = [
    # what was said, code, where, urgency, confidence, path, hours ago
    ("楼下煤气味很重，灶头明明关着，老人在家里不敢动", "gas_leak", "12号楼301室", Urgency.EMERGENCY, 0.97, [], 0),
    (
        "3号楼楼下垃圾堆了好几天没人清，臭死了，窗都不敢开",
        "exposed_waste",
        "3号楼楼下",
        Urgency.ROUTINE,
        0.62,
        [],
        2,
    ),
    ("电梯一到8楼就抖，昨天还停了两次", "elevator_fault", "8号楼2单元", Urgency.URGENT, 0.91, [S.ASSIGNED], 20),
    ("想在南门口装几个电动车充电桩，现在都飞线充电", "community_proposal", "南门口", Urgency.ROUTINE, 0.44, [], 30),
    ("半夜十二点还在打桩", "construction_noise", "沪宜公路工地", Urgency.ROUTINE, 0.83, [S.ASSIGNED], 60),
    ("楼道里贴满小广告", "small_ads", "5号楼", Urgency.ROUTINE, 0.95, [S.ASSIGNED, S.RESOLVED], 40),
    (
        "垃圾箱房天天满",
        "waste_overflow",
        "东门",
        Urgency.ROUTINE,
        0.77,
        DONE,
        90,
    ),
    ("隔壁晒被子滴水", "facade_clutter", "6号楼", Urgency.ROUTINE, 0.51, [S.REJECTED], 70),
]


async def fill(office: Office) -> None:
    async with office.open_uow() as uow:
        await create_staff(uow, "王调度", PASSWORD, Role.DISPATCHER)
        areas = list(uow.reference.areas.neighbourhoods)
    for place, (said, code, address, urgency, confidence, path, hours) in enumerate(SEEDS):
        office.clock.moment = NOON - timedelta(hours=hours)
        account_id = await talk(office, f"r{place}", said)
        guesses = tuple(Guess(c, round((1 - confidence) / n, 2)) for n, c in enumerate(("dirty_street", "other"), 2))
        case = await office.case(
            account_id=account_id,
            description=said,
            service_code=code,
            area_code=areas[place % 2],
            address=address,
            urgency=urgency,
            confidence=confidence,
            alternatives=guesses,
        )
        office.clock.advance(minutes=25)
        await office.move(case, *path)
        async with office.open_uow() as uow:
            if urgency is Urgency.EMERGENCY:  # a second time, so that one is left for whoever looks next
                await raise_alert(uow, case, AlertKind.EMERGENCY)
                await uow.commit()
    office.clock.moment = NOON


async def talk(office: Office, who: str, said: str) -> int:
    async with office.open_uow() as uow:
        message = await receive(uow, "web", who, None, f"{said}。我电话{PHONE}")
        asked = Reply(
            "听起来挺急的。请问是在哪个小区？", (Button("就在我家小区", "/here"), Button("别的地方", "/there"))
        )
        await complete(uow, message, [asked], deliver=False)
        answer = await receive(uow, "web", who, None, "就在我家小区")
        await complete(uow, answer, [Reply("记下了，马上转给责任单位。")], deliver=False)
        return message.account_id


@dataclass(frozen=True)
class Site:
    base: str

    def at(self, path: str) -> str:
        return f"{self.base}/console{path}"


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Iterator[Site]]:
    """Runs the console, filled or empty, in a thread with a loop of its own."""

    def run(filled: bool) -> Iterator[Site]:
        url = f"sqlite:///{tmp_path_factory.mktemp('console') / 'ketang.db'}"
        server = uvicorn.Server(
            uvicorn.Config(_product(url, filled), port=0, log_level="warning", lifespan="on", ws="none")
        )
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            thread.join(0.05)
        yield Site(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
        server.should_exit = True
        thread.join()

    return run


def _product(url: str, filled: bool) -> Starlette:
    app = Starlette()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        clock = SetClock()
        async with engine_at(url) as engine:
            await upgrade(engine)
            photos = PhotoStore(Path(url.removeprefix("sqlite:///")).parent / "photos")
            office = Office(sql_backend(engine, clock, load_reference(DATA)).open_uow, clock, photos)
            if filled:
                await fill(office)
            else:
                async with office.open_uow() as uow:
                    await create_staff(uow, "王调度", PASSWORD, Role.DISPATCHER)
            app.router.routes.extend(product(office).routes)
            yield

    app.router.lifespan_context = lifespan
    return app


@pytest.fixture(scope="module")
def site(serve: Callable[[bool], Iterator[Site]]) -> Iterator[Site]:
    yield from serve(True)


@pytest.fixture(scope="module")
def empty_site(serve: Callable[[bool], Iterator[Site]]) -> Iterator[Site]:
    yield from serve(False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A fresh page; at the end nothing may have been complained about in its console or fetched from elsewhere."""
    complaints: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        refused_on_purpose = "status of 409" in message.text or "status of 422" in message.text
        if message.type in ("error", "warning") and not refused_on_purpose:
            complaints.append(message.text)

    def only_local(route: Route) -> None:
        if route.request.url.startswith("http://127.0.0.1"):
            route.continue_()
        else:
            complaints.append(f"fetched {route.request.url}")
            route.abort()

    def fresh(size: tuple[int, int] = DESK, *, dark: bool = False, script: bool = True, phone: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", only_local)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield fresh
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def shoot(tmp_path: Path) -> Callable[[Page, str], None]:
    """Pictures to look at; KETANG_SHOTS names a folder that outlives the test."""
    folder = Path(os.environ.get("KETANG_SHOTS", tmp_path))

    def shot(page: Page, name: str) -> None:
        page.wait_for_load_state()  # else the height may be taken before the style is there
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return shot


Shoot = Callable[[Page, str], None]
OpenPage = Callable[..., Page]


def log_in(page: Page, site: Site, path: str = "/") -> None:
    page.goto(site.at(path))
    page.get_by_label("用户名").fill("王调度")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def fits(page: Page) -> bool:
    """Nothing reaches beyond the right edge."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width <= page.viewport_size["width"] if page.viewport_size else False


def empty_below(page: Page) -> int:
    """How far the page goes on below its content, in pixels."""
    below: int = page.evaluate(
        "document.documentElement.scrollHeight"
        " - Math.max(innerHeight, document.querySelector('main').getBoundingClientRect().bottom + scrollY)"
    )
    return below


def test_a_day_at_the_desk(open_page: OpenPage, site: Site, shoot: Shoot) -> None:
    page = open_page()
    page.goto(site.at("/"))
    expect(page).to_have_title("登录 · 客堂工作台")
    shoot(page, "login")
    log_in(page, site)
    expect(page.get_by_role("row").nth(1)).to_contain_text("煤气味很重")
    shoot(page, "list")

    page.get_by_role("searchbox", name="搜索").fill("垃圾")
    page.get_by_label("事项").select_option(label="暴露垃圾")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("row").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("暴露垃圾")
    shoot(page, "case")

    page.get_by_label("更正为").select_option(label="垃圾箱房满溢")
    page.get_by_role("button", name="更正归类").click()
    expect(page.get_by_role("status")).to_contain_text("归类已更正")
    expect(page.get_by_role("heading", level=1)).to_have_text("垃圾箱房满溢")

    page.get_by_label("不予受理").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("必须写明情况")
    shoot(page, "refused")
    page.get_by_label(re.compile("^派给.*处置$")).check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("状态已更新")
    expect(page.get_by_role("log")).to_contain_text("已交给临禾市容环卫所处理")
    assert empty_below(page) < 100
    shoot(page, "assigned")
    assert page.content().count(PHONE) == 0


def test_two_at_one_case(open_page: OpenPage, site: Site, shoot: Shoot) -> None:
    first, second = open_page(), open_page()
    for page in (first, second):
        log_in(page, site, "/?q=打桩")
        page.get_by_role("link", name="施工噪声").click()
    for page, note in ((first, "不是我们的工地"), (second, "我也去现场看过了")):
        page.get_by_label("退回，重新分派").check()
        page.get_by_label("说明 必填").fill(note)
        page.get_by_role("button", name="提交").click()
    expect(second.get_by_role("alert")).to_contain_text("已被别人更新")
    expect(second.locator("textarea").first).to_have_value("我也去现场看过了")
    shoot(second, "stale")


def test_a_case_goes_through_the_loop(open_page: OpenPage, site: Site, shoot: Shoot) -> None:
    page = open_page()
    log_in(page, site, "/?q=充电桩")
    page.get_by_role("link", name="社区共治建议").click()
    expect(page.get_by_label("牵头单位")).to_be_visible()
    page.locator("summary").click()
    page.get_by_role("checkbox", name="派出所").first.check()
    submit(page)
    expect(page.get_by_role("region", name="联勤")).to_contain_text("进行中")
    shoot(page, "joint")

    for label, field in (("暂缓处理", "暂缓到 必填"), ("并入另一件工单", "并入哪件工单 必填")):
        page.get_by_label(label).check()
        expect(page.get_by_label(field)).to_be_visible()
    expect(page.get_by_label("暂缓到 必填")).to_be_hidden()
    shoot(page, "steps")

    page.get_by_role("region", name="联勤").get_by_role("button", name="完成").click()
    expect(page.get_by_role("status")).to_contain_text("任务已完成")
    page.get_by_label("处置完毕，送核查").check()
    page.get_by_label("处置后的照片").set_input_files(
        {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.get_by_label("说明 必填").fill("充电桩已装好六个")
    submit(page)
    photo = page.get_by_role("img", name="第1张照片")
    expect(photo).to_be_visible()
    assert photo.evaluate("image => image.naturalWidth") == 60
    for step in ("核查通过", "归档办结"):
        page.get_by_label(step).check()
        submit(page)
    page.get_by_label("解决了", exact=True).check()
    page.get_by_role("button", name="记录").click()
    expect(page.get_by_role("status")).to_contain_text("回访已记录")
    shoot(page, "archived")


def submit(page: Page) -> None:
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("状态已更新")


@pytest.mark.parametrize("size", [DESK, PHONE_SIZE])
def test_reminders(open_page: OpenPage, site: Site, shoot: Shoot, size: tuple[int, int]) -> None:
    page = open_page(size, phone=size == PHONE_SIZE)
    log_in(page, site, "/alerts")
    expect(page.get_by_role("main")).to_contain_text("紧急情况，马上到现场")
    assert fits(page)
    shoot(page, f"alerts-{size[0]}")
    page.get_by_role("link", name="提醒").click()
    before = page.get_by_role("button", name="知道了").count()
    page.get_by_role("button", name="知道了").first.click()
    expect(page.get_by_role("status")).to_contain_text("已看过")
    expect(page.get_by_role("button", name="知道了")).to_have_count(before - 1)


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_nothing_hangs_over(open_page: OpenPage, site: Site, shoot: Shoot, dark: bool) -> None:
    page = open_page(PHONE_SIZE, dark=dark, phone=True)
    shade = "dark" if dark else "light"
    page.goto(site.at("/login"))
    assert fits(page)
    shoot(page, f"phone-login-{shade}")
    log_in(page, site)
    assert fits(page)
    shoot(page, f"phone-list-{shade}")
    page.get_by_role("link", name="电梯故障").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("电梯故障")
    assert fits(page)
    shoot(page, f"phone-case-{shade}")
    assert empty_below(page) < 100


def test_in_the_dark(open_page: OpenPage, site: Site, shoot: Shoot) -> None:
    page = open_page(dark=True)
    log_in(page, site)
    shoot(page, "list-dark")
    page.get_by_role("link", name="电梯故障").click()
    shoot(page, "case-dark")


def test_without_javascript(open_page: OpenPage, site: Site) -> None:
    page = open_page(script=False)
    log_in(page, site)
    page.get_by_role("link", name="垃圾箱房满溢").or_(page.get_by_role("link", name="电梯故障")).first.click()
    expect(page.get_by_role("heading", name="办理")).to_be_visible()


def test_by_keyboard_alone(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at("/"))
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.type("王调度")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_first_day(open_page: OpenPage, empty_site: Site, shoot: Shoot) -> None:
    page = open_page()
    log_in(page, empty_site)
    expect(page.get_by_role("heading", name="还没有工单")).to_be_visible()
    shoot(page, "empty")
