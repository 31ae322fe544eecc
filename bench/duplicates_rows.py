"""What bench.duplicates compares: letters and chat messages as reports, with the codes and places our model reads."""

import csv
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import yaml

from community.core.clock import SHANGHAI
from community.core.duplicates import Report
from community.core.rarity import folded
from community.services.reference import Reference

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, tzinfo=SHANGHAI)
_PLACE = re.compile(r"[A-Z]\d*[市区县]")  # how the letters name cities and districts
_DISTRICT = re.compile(r"[A-Z]\d+[区县]")
Row = dict[str, str]


class Pair(NamedTuple):
    a: Report
    b: Report
    same: bool


def classified(rows: Iterable[Row], model: Path) -> list[Row]:
    """Every row with what the understanding adds to its `said`."""
    rows = list(rows)
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        run = ["nlu/.venv/bin/python", "-m", "nlu", "classify", source, target, "--text-column", "said"]
        subprocess.run([*run, "--model", model], cwd=HERE.parent, check=True, capture_output=True)
        with target.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def report_of(row: Row, reference: Reference, area_code: str | None, at: datetime) -> Report:
    """The address as actions.places makes it: all places that are no neighbourhood's bare name."""
    known = {name for area in reference.areas.by_code.values() for name in (area.name, *area.aliases)}
    address = "".join(dict.fromkeys(place for place in row["places"].split("|") if place not in known))
    codes = tuple(filter(None, row["alternatives"].split("|")))
    return Report(row["said"], codes, area_code, address, at, reference.rarity)


def labelled() -> list[Row]:
    with (HERE / "duplicates_pairs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def letters(folder: Path, fields: list[str], reference: Reference, model: Path) -> dict[str, Report]:
    """By id, those that are labelled. Their areas are the districts they name."""
    wanted = {row[side] for row in labelled() for side in ("id_a", "id_b")}
    with (folder / "att3_unlabelled.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["id"] in wanted]
    names = {folded(name) for row in rows for name in _PLACE.findall(row["title"] + row["text"])}
    known = replace(reference, rarity=replace(reference.rarity, phrases=reference.rarity.phrases | names))
    said = [{"id": row["id"], "said": "。".join(row[f].strip() for f in fields), "time": row["time"]} for row in rows]
    return {r["id"]: report_of(r, known, district(r["said"]), _moment(r["time"])) for r in classified(said, model)}


def district(text: str) -> str | None:
    """A3区; None when it names several, or only the city."""
    found = set(_DISTRICT.findall(text))
    return found.pop() if len(found) == 1 else None


def _moment(written: str) -> datetime:
    return datetime.strptime(written.strip().replace("/", "-"), "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)


def halves(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Dev and test, no letter in both: letters connected by any pair stay together, the larger groups dealt first."""
    group: dict[str, str] = {}
    for row in rows:
        group[_root(group, row["id_a"])] = _root(group, row["id_b"])
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[_root(group, row["id_a"])].append(row)
    dealt: tuple[list[Row], list[Row]] = ([], [])
    for members in sorted(groups.values(), key=lambda rows: (-len(rows), min(row["id_a"] for row in rows))):
        dealt[len(dealt[1]) < len(dealt[0])].extend(members)
    return dealt


def _root(group: dict[str, str], member: str) -> str:
    while (above := group.setdefault(member, member)) != member:
        member = above
    return member


def pairs_of(rows: list[Row], reports: Mapping[str, Report]) -> list[Pair]:
    return [pair(*within_a_district(reports[row["id_a"]], reports[row["id_b"]]), row["same"] == "1") for row in rows]


def within_a_district(a: Report, b: Report) -> tuple[Report, Report]:
    """Two districts are two neighbourhoods, but one district need not be one."""
    return (replace(a, area_code=None), replace(b, area_code=None)) if a.area_code == b.area_code else (a, b)


def pair(a: Report, b: Report, same: bool) -> Pair:
    """As the product knows them: the earlier one is stored with all likely codes, the later one has the chosen code."""
    earlier, later = sorted((a, b), key=lambda report: report.at)
    return Pair(earlier, replace(later, service_codes=later.service_codes[:1]), same)


def chat(reference: Reference, model: Path) -> tuple[list[Pair], list[Pair]]:
    """All pairs within a neighbourhood; every other neighbourhood is dev, the others test."""
    content = yaml.safe_load((HERE / "duplicates_chat.yml").read_text(encoding="utf-8"))
    rows = [
        {"area": area, "matter": matter["matter"], "day": str(told["day"]), "said": told["text"]}
        for area, matters in content.items()
        for matter in matters
        for told in matter["told"]
    ]
    codes = {area.name: area.code for area in reference.areas.by_code.values()}
    told = [
        (row, report_of(row, reference, codes[row["area"]], NOW + timedelta(days=int(row["day"]))))
        for row in classified(rows, model)
    ]
    found: dict[str, list[Pair]] = {area: [] for area in content}
    for (x, a), (y, b) in combinations(told, 2):
        if x["area"] == y["area"]:
            found[x["area"]].append(pair(a, b, x["matter"] == y["matter"]))
    areas = list(found.values())
    return [*chain(*areas[::2])], [*chain(*areas[1::2])]
