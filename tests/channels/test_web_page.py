"""The page: complete in itself, strict about where things come from, and in step with the server."""

import re

import httpx
import pytest

from bot.channels.web.routes import PAGE
from community.core.messages import MAX_TEXT
from tests.channels import rasa_double

rasa, house, chat = rasa_double.rasa, rasa_double.house, rasa_double.chat

HTML = (PAGE / "index.html").read_text(encoding="utf-8")
SCRIPT = (PAGE / "chat.js").read_text(encoding="utf-8")


async def test_the_page_allows_only_what_is_ours(chat: httpx.AsyncClient) -> None:
    response = await chat.get("/")

    policy = response.headers["content-security-policy"]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["cache-control"] == "no-cache"


async def test_everything_the_page_asks_for_is_there(chat: httpx.AsyncClient) -> None:
    html = (await chat.get("/")).text

    addresses = re.findall(r'(?:src|href)="([^"]+)"', html)

    assert len(addresses) >= 4
    assert all(address.startswith("/static/") for address in addresses)
    assert [(await chat.get(address)).status_code for address in addresses] == [200] * len(addresses)


async def test_a_new_script_has_a_new_address(chat: httpx.AsyncClient) -> None:
    assert re.search(r'src="/static/chat\.js\?v=[0-9a-f]{10}"', (await chat.get("/")).text)


def test_nothing_is_inline() -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", HTML)


@pytest.mark.parametrize("name", ["chat.js", "chat.css", "icon.svg"])
def test_nothing_comes_from_elsewhere(name: str) -> None:
    content = (PAGE / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"https?:|//\w+\.|@import|url\(", content)


def test_every_sentence_stands_in_the_html() -> None:
    assert not re.search(r"[\u3400-\u9fff]", SCRIPT)


def test_every_part_the_script_names_exists() -> None:
    wanted = re.findall(r'(?:part|copy|sentence)\("([\w-]+)"\)', SCRIPT)

    assert wanted
    assert [name for name in wanted if f'id="{name}"' not in HTML] == []


def test_page_and_server_agree_on_the_longest_text() -> None:
    assert f'data-limit="{MAX_TEXT}"' in HTML
    assert f"{MAX_TEXT}个字" in HTML
