"""The pictures in the README, made from the running product.

    .venv/bin/python -m bench.screenshots

Starts the product on a database of its own with the demo neighbourhood, lives through the tour, and writes docs/images.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bot.settings import ROOT
from tests.stack import Stack, running_stack

IMAGES = ROOT / "docs" / "images"
TOUR = ("3号楼楼下垃圾堆了好几天没人清,臭死了", "桂花苑")
PASSWORD = "only-for-the-picture"
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-background-networking"]}


def say(page: Page, text: str) -> None:
    said = page.locator("[role=log] > *").count()
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")
    page.wait_for_function("count => document.querySelectorAll('[role=log] > *').length > count + 1", arg=said)
    page.wait_for_timeout(500)


def chat(page: Page, stack: Stack) -> None:
    page.goto(stack.url + "/")
    for text in TOUR:
        say(page, text)
    page.get_by_role("button", name="确认").click()
    page.get_by_text("KT2026").first.wait_for()
    page.wait_for_timeout(800)
    page.screenshot(path=IMAGES / "chat.png")


def console(page: Page, stack: Stack) -> None:
    page.goto(stack.url + "/console/login")
    page.get_by_label("用户名").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/console/**")
    page.screenshot(path=IMAGES / "console.png")
    page.get_by_role("link", name="暴露垃圾").first.click()
    page.screenshot(path=IMAGES / "case.png", full_page=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder)) as stack, sync_playwright() as driver:
        ketang = Path(sys.executable).parent / "ketang"
        for command in (["demo", "load"], ["admin", "create", "--username", "admin", "--password", PASSWORD]):
            subprocess.run([ketang, *command], env=stack.env(), check=True)
        browser = driver.chromium.launch(**CHROMIUM)  # type: ignore[arg-type]
        chat(browser.new_page(viewport={"width": 430, "height": 860}, device_scale_factor=2), stack)
        console(browser.new_page(viewport={"width": 1280, "height": 860}), stack)
        browser.close()


if __name__ == "__main__":
    main()
