import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from community.core.staff import LOCK_TIME, MAX_FAILURES, Role
from community.services.staff import create_staff
from console.session import LIFE
from tests.console.office import PASSWORD, Browser, Office, hidden, product


async def test_a_good_password_opens_the_list(desk: Browser) -> None:
    page = await desk.html("/console/")
    assert "desk" in page
    assert "退出" in page


@pytest.mark.parametrize(
    ("username", "password"), [("desk", "wrong"), ("nobody", PASSWORD), ("", ""), ("desk\0", "\0")]
)
async def test_a_bad_password_keeps_the_door_shut(stranger: Browser, username: str, password: str) -> None:
    answer = await stranger.log_in(username, password)
    assert answer.status_code == 403
    assert "用户名或密码不对" in answer.text
    assert (await stranger.get("/console/")).status_code == 303


async def test_too_many_bad_passwords_lock_the_name_for_a_while(stranger: Browser, office: Office) -> None:
    for _ in range(MAX_FAILURES):
        await stranger.log_in(password="wrong")
    answer = await stranger.log_in()
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"
    assert "15分钟后再试" in answer.text
    office.clock.advance(seconds=LOCK_TIME.total_seconds() + 1)
    assert (await stranger.log_in()).status_code == 303


async def test_the_typed_name_comes_back_escaped_and_the_password_never(stranger: Browser) -> None:
    answer = await stranger.log_in('"><script>alert(1)</script>', "my secret words")
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "my secret words" not in answer.text


@pytest.mark.parametrize("wanted", ["/console/cases/7", "/console/?status=overdue&area=guihuayuan"])
async def test_login_leads_back_to_where_one_came_from(stranger: Browser, wanted: str) -> None:
    refused = await stranger.get(wanted)
    assert parse_qs(urlsplit(refused.headers["location"]).query) == {"next": [wanted]}
    fields = {"username": "desk", "password": PASSWORD}
    answer = await stranger.submit(refused.headers["location"].replace("&amp;", "&"), "/console/login", fields)
    assert answer.headers["location"].replace("&amp;", "&") == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/console/",
        "//evil.example/console/",
        "/\\evil.example/console/",
        "/console/\\evil",
        "/console/../outside",
        "/console/%2e%2e/outside",
        "/consoles/",
        "/outside",
        "javascript:alert(1)",
        "/console/\r\nX-Evil: 1",
        "http://[broken",
        "",
    ],
)
async def test_login_leads_nowhere_outside_the_console(stranger: Browser, wanted: str) -> None:
    fields = {"username": "desk", "password": PASSWORD, "next": wanted}
    answer = await stranger.submit("/console/login", "/console/login", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/")


async def test_the_cookie_is_for_us_only_and_ends(stranger: Browser) -> None:
    cookie = (await stranger.log_in()).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/console" in cookie
    assert f"max-age={12 * 3600}" in cookie
    assert "secure" not in cookie


async def test_the_cookie_is_secure_where_asked(office: Office) -> None:
    transport = httpx.ASGITransport(product(office, secure_cookies=True))
    async with httpx.AsyncClient(transport=transport, base_url="https://console.test") as browser:
        assert "secure" in (await browser.get("/console/login")).headers["set-cookie"].lower()


async def test_login_forgets_all_that_stood_in_the_session_before(stranger: Browser) -> None:
    before = hidden(await stranger.html("/console/login"))["csrf_token"]
    await stranger.log_in()
    assert hidden(await stranger.html("/console/"))["csrf_token"] != before


async def test_a_login_ends_after_twelve_hours(desk: Browser, office: Office) -> None:
    office.clock.advance(seconds=LIFE.total_seconds() - 60)
    assert (await desk.get("/console/")).status_code == 200
    office.clock.advance(seconds=60)
    assert (await desk.get("/console/")).status_code == 303


async def test_a_new_password_ends_every_login(desk: Browser, office: Office) -> None:
    async with office.open_uow() as uow:
        await create_staff(uow, "desk", "another horse", Role.DISPATCHER)
    assert (await desk.get("/console/")).status_code == 303


async def test_a_forged_cookie_is_nobody(stranger: Browser) -> None:
    stranger.cookies.set("ketang_console", "eyJzdGFmZiI6IDF9.forged.signature")
    assert (await stranger.get("/console/")).status_code == 303


async def test_logout_shuts_the_door(desk: Browser) -> None:
    answer = await desk.submit("/console/", "/console/logout", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")
    assert (await desk.get("/console/")).status_code == 303


async def test_who_is_logged_in_needs_no_login_page(desk: Browser) -> None:
    answer = await desk.get("/console/login?next=/console/cases/3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/cases/3")


async def test_a_login_form_that_grew_old_says_so_and_offers_a_fresh_one(stranger: Browser) -> None:
    answer = await stranger.post("/console/login", data={"username": "desk", "password": PASSWORD})
    assert answer.status_code == 403
    assert "已经失效" in answer.text
    assert re.search(r'name="csrf_token" value="\S+"', answer.text)
