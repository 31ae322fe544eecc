"""What holds for every route, read from the routes themselves, so that a new one cannot be forgotten."""

import pytest
from starlette.routing import Route

from console.app import SUBJECTS
from console.forms import MAX_BODY, MAX_FIELDS
from tests.console.office import Browser, Office, hidden

OPEN_TO_ALL = {("GET", "/login"), ("HEAD", "/login"), ("POST", "/login")}
ROUTES = sorted(
    (method, route.path)
    for route in (route for subject in SUBJECTS for route in subject.routes)
    if isinstance(route, Route)
    for method in route.methods or ()
    if method != "HEAD"
)
GUARDED = [route for route in ROUTES if route not in OPEN_TO_ALL]
POSTS = [path for method, path in ROUTES if method == "POST"]


def address(path: str) -> str:
    return "/console" + path.format(case_id=1, alert_id=1, photo="x", key="x")


def test_the_tables_below_hold_something() -> None:
    assert len(GUARDED) >= 20
    assert len(POSTS) == 12


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_every_route_refuses_the_stranger(stranger: Browser, office: Office, method: str, path: str) -> None:
    case = await office.case()
    answer = await stranger.request(method, address(path))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/login?next=%2Fconsole%2F")
    assert case.number not in answer.text


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", [None, "", "made up", "假的"])
async def test_every_form_refuses_a_bad_token(desk: Browser, office: Office, path: str, token: str | None) -> None:
    case = await office.case()
    fields = {"version": "1", "to": "assigned", "service_code": "water_leak", "username": "x", "password": "y"}
    answer = await desk.post(address(path), data=fields | ({} if token is None else {"csrf_token": token}))
    assert answer.status_code == 403
    assert "已经失效" in answer.text
    async with office.open_uow() as uow:
        assert await uow.cases.get(case.id) == case
    assert office.woken == []


async def test_a_token_of_another_session_is_none(desk: Browser, stranger: Browser) -> None:
    theirs = hidden(await stranger.html("/console/login"))
    assert (await desk.post("/console/logout", data=theirs)).status_code == 403


@pytest.mark.parametrize("path", POSTS)
async def test_every_form_is_bounded(desk: Browser, path: str) -> None:
    long = await desk.post(address(path), content=b"note=" + b"x" * MAX_BODY)
    many = await desk.post(address(path), content=b"&".join(b"a=%d" % n for n in range(MAX_FIELDS + 1)))
    assert (long.status_code, many.status_code) == (413, 413)


@pytest.mark.parametrize("content", [b"\xff\xfe=%ff", b"csrf_token=%ed%a0%80", b"\x00", b"=", b""])
async def test_a_broken_form_is_refused_and_not_an_accident(desk: Browser, content: bytes) -> None:
    assert (await desk.post("/console/cases/1/status", content=content)).status_code == 403


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/cases/1", "/static/console.css", "/static/nothing"])
async def test_every_answer_carries_the_security_headers(desk: Browser, path: str) -> None:
    headers = (await desk.get("/console" + path)).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == ("public, max-age=86400" if path.endswith(".css") else "no-store")


@pytest.mark.parametrize("path", ["/console/nothing", "/console/cases/1/nothing"])
async def test_an_unknown_page_says_so_to_staff_only(desk: Browser, stranger: Browser, path: str) -> None:
    answer = await desk.get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert (await stranger.get(path)).status_code == 303


async def test_a_wrong_method_is_refused_on_a_page(desk: Browser) -> None:
    answer = await desk.delete("/console/cases/1")
    assert answer.status_code == 405
    assert "不接受" in answer.text


async def test_no_page_has_script_or_style_in_it(desk: Browser, office: Office) -> None:
    case = await office.case()
    for path in ("/console/", f"/console/cases/{case.id}"):
        page = await desk.html(path)
        assert "<script" not in page
        assert "<style" not in page
        assert " style=" not in page
