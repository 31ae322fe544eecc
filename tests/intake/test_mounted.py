"""The ways in stand where the documents say, in the app as the product builds it."""

from pathlib import Path

import pytest
from starlette.routing import Mount

from bot.app import build_app
from bot.settings import Settings


async def test_in_the_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETANG_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("KETANG_DATABASE_URL", raising=False)
    mounts = {route.path: route for route in build_app(Settings()).routes if isinstance(route, Mount)}
    assert {route.path for route in mounts["/open311/v2"].routes} >= {"/requests.{form}", "/services.{form}"}
    assert [route.path for route in mounts["/intake/v1"].routes] == ["/events"]
