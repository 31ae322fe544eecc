"""The shipped routes, and each thing that can be wrong with units and rules, named `file: reason`."""

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from community.core.cases import Urgency
from community.core.clock import SHANGHAI
from community.core.errors import BadReferenceData
from community.core.limits import Basis, LimitSpec
from community.core.routing import Route, Routes, route
from community.core.taxonomy import Service, Taxonomy, Unit
from community.services.areas import load_areas
from community.services.procedures import load_procedures
from community.services.reference import load_taxonomy
from community.services.routing import load_routes

DATA = Path(__file__).parents[3] / "data"
AREAS = load_areas(DATA / "dictionaries" / "places.csv")
LINES = {code: tuple(area.code for area in AREAS.ancestors(code)) for code in AREAS.all}
TAXONOMY = load_taxonomy(DATA / "taxonomy" / "services.yml")
PROCEDURES = load_procedures(DATA / "procedures", TAXONOMY.services, TAXONOMY.units)
SHIPPED = load_routes(DATA / "routing", TAXONOMY, LINES, PROCEDURES)
DAY, NIGHT = 10, 23


def _route(
    code: str, area: str | None = "nb-guihuayuan", hour: int = DAY, urgency: str = "routine", workday: bool = True
) -> Route:
    line = (area, *LINES[area]) if area else ()
    return route(
        SHIPPED,
        service_code=code,
        group=TAXONOMY[code].group,
        area_codes=line,
        towns=tuple(code for code in line if code.startswith("tn-")),
        moment=datetime(2026, 11, 23, hour, 30, tzinfo=SHANGHAI),
        is_workday=workday,
        urgency=Urgency(urgency),
    )


EVERYWHERE = [None, *(code for code in LINES if code.startswith(("ds-", "tn-", "nb-")))]


def _everything() -> Iterator[tuple[str, str | None, int, bool]]:
    for code, area, hour in product(TAXONOMY.services, ["nb-guihuayuan", "nb-nantangcun", None], range(0, 24, 3)):
        yield code, area, hour, True
        yield code, area, hour, False


def test_every_code_goes_somewhere_at_every_hour() -> None:
    for code, area, hour, workday in _everything():
        found = {urgency: _route(code, area, hour, urgency, workday) for urgency in ("emergency", "urgent", "routine")}
        for made in found.values():
            assert made.lead in SHIPPED.units
            assert made.lead not in made.co_units
            assert set(made.co_units) <= SHIPPED.units.keys()
        minutes = [made.response.minutes for made in found.values()]
        assert minutes == sorted(minutes), f"{code} is answered later although it is more urgent"
        assert found["emergency"].response.basis is Basis.CLOCK


@pytest.mark.parametrize("area", EVERYWHERE)
def test_every_area_has_a_lead_for_everything(area: str | None) -> None:
    for code in TAXONOMY.services:
        assert _route(code, area).lead in SHIPPED.units


EVERYDAY = ["urban_management", "police", "market", "housing", "sanitation", "greening", "committee", "fire", "town"]


@pytest.mark.parametrize("area", [code for code in LINES if code.startswith("nb-")])
def test_a_neighbourhood_has_its_everyday_units(area: str) -> None:
    line = (area, *LINES[area])
    assert [kind for kind in EVERYDAY if not any((kind, code) in SHIPPED.serving for code in line)] == []


HOURS_48 = LimitSpec.of_hours(48)
TABLE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"code": "exposed_waste"}, {"lead": "sanitation-linhe", "co_units": (), "needs_photo": True, "fallback": None}),
    ({"code": "exposed_waste", "area": "nb-shiliuwan"}, {"lead": "sanitation-huaitang"}),
    ({"code": "exposed_waste", "area": None}, {"lead": "sanitation"}),
    ({"code": "exposed_waste"}, {"resolve": LimitSpec.of_hours(24)}),
    ({"code": "exposed_waste"}, {"response": LimitSpec.of_hours(8, Basis.WORK)}),
    ({"code": "exposed_waste", "urgency": "urgent"}, {"response": LimitSpec.of_hours(1)}),
    ({"code": "exposed_waste", "urgency": "emergency"}, {"response": LimitSpec(30)}),
    ({"code": "exposed_waste", "workday": False}, {"response": LimitSpec.of_hours(4)}),
    ({"code": "gas_leak", "urgency": "emergency"}, {"response": LimitSpec(10), "lead": "gas-hechuan"}),
    ({"code": "gas_leak"}, {"co_units": ("fire-linhe", "police-linhe", "property-guihuayuan")}),
    (
        {"code": "group_rental", "area": "nb-yangheli"},
        {"lead": "housing-shapu", "co_units": ("police-shapu", "fire-shapu", "committee-yangheli")},
    ),
    ({"code": "oil_fume"}, {"lead": "environment-hechuan", "co_units": ("um-linhe", "market-linhe")}),
    ({"code": "oil_fume", "hour": NIGHT}, {"lead": "um-linhe", "co_units": ("police-linhe", "market-linhe")}),
    ({"code": "commercial_noise"}, {"lead": "environment-hechuan"}),
    ({"code": "commercial_noise", "hour": NIGHT}, {"lead": "police-linhe", "response": LimitSpec.of_hours(1)}),
    ({"code": "construction_noise", "hour": NIGHT}, {"co_units": ("construction", "police-linhe")}),
    ({"code": "construction_noise"}, {"lead": "um-linhe", "co_units": ()}),
    (
        {"code": "corridor_clutter"},
        {"lead": "property-guihuayuan", "resolve": HOURS_48, "fallback": "fire-linhe", "needs_photo": True},
    ),
    ({"code": "corridor_clutter", "area": "nb-luhuacun"}, {"lead": "committee-luhuacun", "fallback": "fire-linhe"}),
    ({"code": "community_parking"}, {"lead": "property-guihuayuan", "resolve": HOURS_48, "fallback": "um-linhe"}),
    ({"code": "ev_charging"}, {"lead": "property-guihuayuan", "fallback": "fire-linhe"}),
    ({"code": "bike_parking"}, {"lead": "property-guihuayuan", "resolve": HOURS_48, "fallback": "um-linhe"}),
    ({"code": "bike_parking", "area": "tn-linhejiedao"}, {"lead": "um-linhe", "fallback": None}),
    ({"code": "small_ads", "area": "nb-bailucun"}, {"lead": "um-shapu", "fallback": None}),
    ({"code": "small_ads"}, {"lead": "property-guihuayuan", "fallback": "um-linhe"}),
    ({"code": "load_bearing"}, {"procedure": "load_bearing_damage", "lead": "um-linhe", "needs_photo": True}),
    ({"code": "load_bearing"}, {"co_units": ("housing-linhe", "property-guihuayuan", "committee-guihuayuan")}),
    ({"code": "elevator_retrofit"}, {"procedure": "elevator_retrofit", "resolve": LimitSpec.of_hours(80, Basis.WORK)}),
    ({"code": "eldercare"}, {"resolve": LimitSpec.of_hours(40, Basis.WORK), "lead": "affairs-linhe"}),
    ({"code": "village_affairs"}, {"resolve": LimitSpec.of_hours(80, Basis.WORK), "procedure": None}),
    ({"code": "school_admission"}, {"lead": "education"}),
]


@pytest.mark.parametrize(("asked", "expected"), TABLE)
def test_the_shipped_routes(asked: dict[str, Any], expected: dict[str, Any]) -> None:
    made = _route(**asked)
    assert {name: getattr(made, name) for name in expected} == expected


def test_on_a_border_of_the_district_both_towns_answer() -> None:
    made = route(
        SHIPPED,
        service_code="street_vending",
        group="street_order",
        area_codes=("tn-linhejiedao", "ds-hechuanqu"),
        towns=("tn-linhejiedao", "tn-shapuzhen"),
        moment=datetime(2026, 11, 23, DAY, tzinfo=SHANGHAI),
        is_workday=True,
        urgency=Urgency.ROUTINE,
    )
    assert (made.lead, made.co_units) == ("um-linhe", ("um-shapu", "market-linhe", "market-shapu"))


def test_rasa_does_not_take_routes_for_training_data() -> None:
    for path in (DATA / "routing").iterdir():
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert not {"nlu", "rules", "stories", "responses"} & set(content)


GOOD_UNITS = """
units:
- {code: water-1, kind: water, name: 一水务, areas: [tn-1]}
- {code: water-2, kind: water, name: 二水务, areas: [tn-2, nb-1], phone: 内线 12}
"""
GOOD_ROUTES = """
response: {hours: 8, basis: work}
routes:
- {name: quick, when: {urgency: [emergency]}, response: {minutes: 30, basis: clock}}
- {name: leaks, when: {codes: [leak], hours: [22, 6]}, lead: police, co_units: [water], fallback: water-2}
- {name: town, when: {groups: [water], areas: [tn-1], days: workday}, resolve: {hours: 12, basis: work}}
"""
SMALL = Taxonomy(
    {"leak": Service("leak", "漏水", "water", "水务", "", "", Unit("water", "水务所"), 24)},
    {"water": Unit("water", "水务所"), "police": Unit("police", "派出所")},
)
SMALL_AREAS = {"nb-1": ("tn-1",), "tn-1": (), "tn-2": ()}


def _load(folder: Path, routes: str = GOOD_ROUTES, units: str = GOOD_UNITS) -> Routes:
    (folder / "routes.yml").write_text(routes, encoding="utf-8")
    (folder / "units.yml").write_text(units, encoding="utf-8")
    return load_routes(folder, SMALL, SMALL_AREAS, PROCEDURES)


def _problems(folder: Path, routes: str = GOOD_ROUTES, units: str = GOOD_UNITS) -> list[str]:
    with pytest.raises(BadReferenceData) as refused:
        _load(folder, routes, units)
    return str(refused.value).splitlines()


def test_good_files(tmp_path: Path) -> None:
    routes = _load(tmp_path)
    assert [rule.name for rule in routes.rules] == ["quick", "leaks", "town"]
    assert routes.unit("water-2") == Unit("water-2", "二水务", "water", ("tn-2", "nb-1"), "内线 12")
    assert routes.unit("police").kind == ""


BAD_ROUTES = [
    ("response: {hours: 8, basis: work}", "", "response: Field required"),
    ("hours: 8", "hours: 0", "response hours: Input should be greater than 0"),
    ("minutes: 30", "minutes: -1", "quick response minutes: Input should be greater than 0"),
    ("minutes: 30", "minutes: 0.5", "quick response minutes: Input should be a valid integer"),
    ("minutes: 30", "minutes: 30, hours: 1", "quick response: Value error, give either hours or minutes"),
    ("minutes: 30, ", "", "quick response: Value error, give either hours or minutes"),
    ("basis: clock", "basis: sun", "quick response basis: Input should be 'clock' or 'work'"),
    ("{urgency: [emergency]}", "{urgency: [panic]}", "quick when urgency 0: Input should be"),
    ("{urgency: [emergency]}", "{urgency: []}", "quick when urgency: is empty"),
    ("{urgency: [emergency]}", "{weather: rain}", "quick when weather: Extra inputs"),
    ("codes: [leak]", "codes: [leaks]", "leaks when codes 0: unknown service leaks"),
    ("groups: [water]", "groups: [fire]", "town when groups 0: unknown group fire"),
    ("areas: [tn-1]", "areas: [tn-9]", "town when areas 0: unknown area tn-9"),
    ("lead: police", "lead: army", "leaks lead: unknown unit army"),
    ("co_units: [water]", "co_units: [fire]", "leaks co_units 0: unknown unit fire"),
    ("fallback: water-2", "fallback: water-9", "leaks fallback: unknown unit water-9"),
    ("lead: police", "lead: water", "leaks: Value error, names its lead twice"),
    ("fallback: water-2", "fallback: police", "leaks: Value error, names its lead twice"),
    ("hours: [22, 6]", "hours: [22, 24]", "leaks when hours 1: Input should be less than or equal to 23"),
    ("hours: [22, 6]", "hours: [22, 22]", "leaks when: Value error, hours end when they begin"),
    ("hours: [22, 6]", "hours: [22]", "leaks when hours 1: Field required"),
    (", resolve: {hours: 12, basis: work}", "", "town: Value error, says nothing"),
    ("name: town", "name: leaks", "rule leaks stands there twice"),
]


@pytest.mark.parametrize(("old", "new", "reason"), BAD_ROUTES)
def test_bad_routes_are_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in GOOD_ROUTES
    assert any(line.startswith(f"routes.yml: {reason}") for line in _problems(tmp_path, GOOD_ROUTES.replace(old, new)))


BAD_UNITS = [
    ("kind: water, name: 一", "kind: army, name: 一", "一水务 kind: unknown kind army"),
    ("areas: [tn-1]", "areas: [tn-9]", "一水务 areas 0: unknown area tn-9"),
    ("areas: [tn-1]", "areas: []", "一水务 areas: is empty"),
    ("code: water-1", "code: water-2", "unit water-2 stands there twice"),
    ("code: water-1", "code: police", "unit police is a kind of unit"),
    ("areas: [tn-1]", "areas: [tn-2]", "several water units serve tn-2"),
    ("name: 一水务, ", "", "units 0 name: Field required"),
]


@pytest.mark.parametrize(("old", "new", "reason"), BAD_UNITS)
def test_bad_units_are_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in GOOD_UNITS
    assert any(
        line.startswith(f"units.yml: {reason}") for line in _problems(tmp_path, units=GOOD_UNITS.replace(old, new))
    )


NEVER = [
    "{name: late, when: {codes: [leak], hours: [23, 5]}, lead: water}\n"
    "- {name: late too, when: {codes: [leak], hours: [23, 5]}, lead: water}",
    "{name: code, when: {codes: [leak]}, needs_photo: true}\n"
    "- {name: group, when: {groups: [water]}, needs_photo: false}",
    "{name: some, when: {codes: [leak], days: workday}, needs_photo: true}\n"
    "- {name: others, when: {codes: [leak], days: holiday}, needs_photo: true}\n"
    "- {name: all, when: {codes: [leak]}, needs_photo: true}",
]


@pytest.mark.parametrize(("rows", "dead"), [*zip(NEVER, ["late too", "group", "all"], strict=True)])
def test_a_rule_that_never_decides(tmp_path: Path, rows: str, dead: str) -> None:
    assert _problems(tmp_path, f"response: {{hours: 8, basis: work}}\nroutes:\n- {rows}") == [
        f"routes.yml: rule {dead} never decides anything"
    ]


def test_rules_that_contradict_each_other(tmp_path: Path) -> None:
    row = "- {name: %s, when: {codes: [leak], hours: %s}, lead: %s}\n"
    start = "response: {hours: 8, basis: work}\nroutes:\n"
    apart = row % ("night", "[22, 6]", "police") + row % ("day", "[6, 22]", "water")
    assert len(_load(tmp_path, start + apart).rules) == 2
    together = row % ("night", "[22, 6]", "police") + row % ("dawn", "[5, 8]", "water")
    assert _problems(tmp_path, start + together) == ["routes.yml: rules night and dawn contradict each other: lead"]


def test_everything_wrong_in_both_files_is_told_at_once(tmp_path: Path) -> None:
    routes = GOOD_ROUTES.replace("hours: 8", "hours: 0").replace("lead: police", "lead: army")
    units = GOOD_UNITS.replace("kind: water, name: 二", "kind: army, name: 二").replace("[tn-1]", "[tn-9]")
    names = [line.partition(":")[0] for line in _problems(tmp_path, routes, units)]
    assert (names.count("units.yml"), names.count("routes.yml")) == (2, 3)  # water-2 is not known either


@pytest.mark.parametrize("name", ["units.yml", "routes.yml"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    _load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(BadReferenceData, match=f"{name}: "):
        load_routes(tmp_path, SMALL, SMALL_AREAS, PROCEDURES)
