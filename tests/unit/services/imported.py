"""What the tests of imports share."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from community.services.imports import ImportReport, one_line
from community.services.ports import UnitOfWork
from community.services.reference import load_texts
from tests.fakes.makers import OpenUow, square

TEXTS = load_texts(Path(__file__).parents[3] / "data" / "texts" / "cli.yml")

names = st.text(max_size=80).map(lambda name: one_line(name)[:64].strip()).filter(bool)


NewMemory = Callable[[], OpenUow]


def run[T](open_uow: OpenUow, work: Callable[[UnitOfWork], Coroutine[Any, Any, T]]) -> T:
    """For property tests, which are not asynchronous."""

    async def within() -> T:
        async with open_uow() as uow:
            return await work(uow)

    return asyncio.run(within())


def reasons(report: ImportReport) -> list[tuple[int, str, str]]:
    """Row, field and reason of each error; that a person can be told it is tried on the way."""
    for error in report.errors:
        assert TEXTS.render(error.reason_key, **error.values)
    return [(error.row, error.field, error.reason_key) for error in report.errors]


def feature(geometry: object = None, **properties: object) -> dict[str, object]:
    values = {"code": "gd-1", "name": "第一网格", "kind": "urban", "area_code": "nb-guihuayuan"}
    return {
        "type": "Feature",
        "properties": {**values, **properties},
        "geometry": square(121.25, 31.36) if geometry is None else geometry,
    }


def geojson(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})
