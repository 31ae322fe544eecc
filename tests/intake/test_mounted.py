"""The ways in stand where the documents say, in the app as the product builds it."""

import shutil
from pathlib import Path

import httpx
import pytest

from bot.app import build_app
from bot.settings import Settings


async def test_in_the_product(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETANG_DATABASE_URL", f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'ketang.db')}")
    monkeypatch.setenv("KETANG_VAR_DIR", str(tmp_path))
    app = build_app(Settings())
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://k") as client:
        assert (await client.get("/open311/v2/services.xml")).status_code == 200
        assert (await client.get("/open311/v2/discovery.json")).json()["endpoints"][0]["url"] == "http://k/open311/v2"
        assert (await client.post("/intake/v1/events")).status_code == 401
