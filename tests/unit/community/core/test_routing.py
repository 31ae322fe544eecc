"""Rules and routes by example, and that the more specific rule is the one that is heard."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from community.core.cases import Urgency
from community.core.clock import SHANGHAI
from community.core.errors import NotFound, UnknownService
from community.core.limits import Basis, LimitSpec
from community.core.routing import Default, Route, Routes, route
from community.core.routing_rules import Conditions, Days, Rule, Situation, ranked
from community.core.taxonomy import Unit

NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
AREA = ("nb-1", "tn-1", "ds-1")
HOUR = LimitSpec.of_hours(1)
DAY = LimitSpec.of_hours(8, Basis.WORK)
UNITS = [
    Unit("police", "派出所"),
    Unit("property", "物业"),
    Unit("fire", "消防"),
    Unit("police-1", "一派", "police", ("tn-1",)),
    Unit("police-2", "二派", "police", ("tn-2",)),
    Unit("police-lake", "湖边警务室", "police", ("nb-lake",)),
    Unit("property-1", "好物业", "property", ("nb-1",)),
    Unit("fire-1", "消防站", "fire", ("ds-1",)),
]
DEFAULT = Default("police", DAY, LimitSpec.of_hours(24), "patrol")


def _route(*rules: Rule, units: list[Unit] = UNITS, **situation: Any) -> Route:
    routes = Routes(rules, {"noise": DEFAULT}, {unit.code: unit for unit in units})
    asked = {
        "service_code": "noise",
        "group": "neighbourhood",
        "area_codes": AREA,
        "towns": ("tn-1",),
        "moment": NOON,
        "is_workday": True,
        "urgency": Urgency.ROUTINE,
    }
    return route(routes, **{**asked, **situation})


def _rule(name: str = "rule", lead: str = "fire", **when: Any) -> Rule:
    sets = {key: frozenset(value) if isinstance(value, list) else value for key, value in when.items()}
    return Rule(name, Conditions(**sets), lead=lead)


def test_without_rules_the_taxonomy_decides() -> None:
    assert _route() == Route("police-1", (), DAY, LimitSpec.of_hours(24), None, "patrol", needs_photo=False)


def test_an_unknown_service() -> None:
    with pytest.raises(UnknownService):
        _route(service_code="noises")


HOLDS = [
    ({}, {}, True),
    ({"codes": ["noise"]}, {}, True),
    ({"codes": ["smoke"]}, {}, False),
    ({"groups": ["neighbourhood"]}, {}, True),
    ({"groups": ["safety"]}, {}, False),
    ({"codes": ["smoke"], "groups": ["neighbourhood"]}, {}, True),
    ({"areas": ["tn-1"]}, {}, True),
    ({"areas": ["tn-2", "nb-1"]}, {}, True),
    ({"areas": ["tn-2"]}, {}, False),
    ({"areas": ["tn-1"]}, {"area_codes": (), "towns": ()}, False),
    ({"areas": ["tn-1"]}, {"area_codes": ()}, True),
    ({"days": Days.WORKDAY}, {}, True),
    ({"days": Days.HOLIDAY}, {}, False),
    ({"days": Days.HOLIDAY}, {"is_workday": False}, True),
    ({"urgency": [Urgency.EMERGENCY, Urgency.ROUTINE]}, {}, True),
    ({"urgency": [Urgency.EMERGENCY]}, {}, False),
    ({"codes": ["noise"], "areas": ["tn-2"]}, {}, False),
    ({"hours": (12, 13)}, {}, True),
    ({"hours": (11, 12)}, {}, False),
]


@pytest.mark.parametrize(("when", "situation", "holds"), HOLDS)
def test_when_a_rule_holds(when: dict[str, Any], situation: dict[str, Any], holds: bool) -> None:
    assert (_route(_rule(**when), **situation).lead.startswith("fire")) is holds


@pytest.mark.parametrize(("hour", "is_night"), [(21, False), (22, True), (23, True), (0, True), (5, True), (6, False)])
def test_the_night_goes_across_midnight(hour: int, is_night: bool) -> None:
    moment = datetime(2026, 11, 23, hour, 59, tzinfo=SHANGHAI)
    assert (_route(_rule(hours=(22, 6)), moment=moment).lead == "fire-1") is is_night


def test_hours_are_those_of_shanghai() -> None:
    utc = datetime.fromisoformat("2026-11-23T15:00:00+00:00")  # 23:00 in Shanghai
    assert _route(_rule(hours=(22, 6)), moment=utc).lead == "fire-1"


def test_each_part_is_decided_by_itself() -> None:
    group = Rule("group", Conditions(groups=frozenset({"neighbourhood"})), lead="fire", response=HOUR, needs_photo=True)
    code = Rule("code", Conditions(codes=frozenset({"noise"})), lead="property", resolve=HOUR, fallback="police")
    made = _route(group, code)
    assert made == Route("property-1", (), HOUR, HOUR, "police-1", "patrol", needs_photo=True)


def test_a_specific_rule_can_take_something_back() -> None:
    group = Rule("group", Conditions(groups=frozenset({"neighbourhood"})), co_units=("fire",), needs_photo=True)
    code = Rule("code", Conditions(codes=frozenset({"noise"})), co_units=(), needs_photo=False)
    made = _route(group, code)
    assert (made.co_units, made.needs_photo) == ((), False)


MORE_SPECIFIC = [  # each goes before all that follow
    {"urgency": [Urgency.ROUTINE], "codes": ["noise"]},
    {"urgency": [Urgency.ROUTINE]},
    {"codes": ["noise"], "areas": ["nb-1"]},
    {"codes": ["noise"], "areas": ["tn-1"]},
    {"codes": ["noise"], "hours": (8, 18), "days": Days.WORKDAY},
    {"codes": ["noise"], "hours": (8, 18)},
    {"codes": ["noise"]},
    {"groups": ["neighbourhood"], "areas": ["ds-1"]},
    {"groups": ["neighbourhood"]},
    {"areas": ["nb-1", "ds-1"]},
    {"areas": ["tn-1"]},
    {"areas": ["ds-1"]},
    {"days": Days.WORKDAY},
    {},
]


@pytest.mark.parametrize("at", range(len(MORE_SPECIFIC) - 1))
def test_the_more_specific_rule_is_heard(at: int) -> None:
    better = _rule("better", "fire", **MORE_SPECIFIC[at])
    rest = [_rule(str(n), "property", **when) for n, when in enumerate(MORE_SPECIFIC[at + 1 :])]
    assert _route(*rest, better).lead == _route(better, *rest).lead == "fire-1"


UNIT_CASES = [
    ("police", AREA, "police-1"),
    ("police", ("nb-lake", "tn-1", "ds-1"), "police-lake"),  # the smallest area that somebody serves
    ("police", ("tn-3", "ds-1"), "police"),  # nobody there: the kind
    ("police", (), "police"),
    ("police-2", AREA, "police-2"),  # one unit, by name
    ("fire", AREA, "fire-1"),
]


@pytest.mark.parametrize(("kind", "area_codes", "expected"), UNIT_CASES)
def test_a_kind_becomes_the_unit_that_serves_the_area(kind: str, area_codes: tuple[str, ...], expected: str) -> None:
    assert _route(_rule(lead=kind), area_codes=area_codes, towns=()).lead == expected


def test_on_a_border_both_towns_answer_and_the_first_leads() -> None:
    joint = Rule("joint", co_units=("fire", "property"))
    made = _route(joint, towns=("tn-1", "tn-2"))
    assert (made.lead, made.co_units) == ("police-1", ("police-2", "fire-1", "property-1"))
    turned = _route(joint, towns=("tn-2", "tn-1"), area_codes=("nb-1", "tn-2", "ds-1"))
    assert (turned.lead, turned.co_units[0]) == ("police-2", "police-1")


@pytest.mark.parametrize("area_codes", [(), ("ds-1",)])
def test_a_border_where_only_the_towns_are_known(area_codes: tuple[str, ...]) -> None:
    made = _route(area_codes=area_codes, towns=("tn-1", "tn-2"))
    assert "police-2" in (made.lead, *made.co_units)


def test_a_unit_has_one_task_however_often_it_is_named() -> None:
    made = _route(Rule("joint", co_units=("police", "fire", "fire-1", "police-1")))
    assert (made.lead, made.co_units) == ("police-1", ("fire-1",))


def test_units_by_code() -> None:
    routes = Routes((), {}, {unit.code: unit for unit in UNITS})
    assert routes.unit("police-1").name == "一派"
    with pytest.raises(NotFound):
        routes.unit("army")


@pytest.mark.parametrize("minutes", [0, -1])
def test_there_is_no_limit_below_a_minute(minutes: int) -> None:
    with pytest.raises(ValueError, match="less than a minute"):
        LimitSpec(minutes)


WHENS = st.fixed_dictionaries(
    {},
    optional={
        "codes": st.sets(st.sampled_from(["noise", "smoke"]), min_size=1).map(frozenset),
        "groups": st.sets(st.sampled_from(["neighbourhood", "safety"]), min_size=1).map(frozenset),
        "areas": st.sets(st.sampled_from(["nb-1", "nb-2", "tn-1", "ds-1"]), min_size=1).map(frozenset),
        "hours": st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda pair: pair[0] != pair[1]),
        "days": st.sampled_from(Days),
        "urgency": st.sets(st.sampled_from(Urgency), min_size=1).map(frozenset),
    },
).map(lambda when: Conditions(**when))
SITUATIONS = st.builds(
    Situation,
    service_code=st.sampled_from(["noise", "smoke"]),
    group=st.sampled_from(["neighbourhood", "safety"]),
    area_codes=st.sampled_from([(), AREA, ("nb-2", "tn-1", "ds-1"), ("ds-1",)]),
    moment=st.integers(0, 23).map(lambda hours: NOON + timedelta(hours=hours)),
    is_workday=st.booleans(),
    urgency=st.sampled_from(Urgency),
)
EXTRA = st.sets(st.sampled_from(["codes", "areas", "hours", "days", "urgency"]), min_size=1)


@given(st.lists(WHENS, max_size=4), WHENS, SITUATIONS, EXTRA)
def test_more_conditions_never_lose(
    others: list[Conditions], when: Conditions, here: Situation, extra: set[str]
) -> None:
    """Of two rules that both hold, one of which has more conditions, that one comes first."""
    fitting = {
        "codes": frozenset({here.service_code}),
        "areas": frozenset(here.area_codes[:1]),
        "hours": (here.moment.hour, (here.moment.hour + 1) % 24),
        "days": Days.WORKDAY if here.is_workday else Days.HOLIDAY,
        "urgency": frozenset({here.urgency}),
    }
    added = {part: fitting[part] for part in extra if fitting[part] and not getattr(when, part)}
    assume(added and when.rank(here) is not None)
    rules = {"wide": when, "narrow": replace(when, **added), **{str(n): other for n, other in enumerate(others)}}
    order = [rule.name for _, rule in ranked(map(Rule, rules, rules.values()), here)]
    assert order.index("narrow") < order.index("wide")
    assert set(order) == {name for name, other in rules.items() if other.rank(here) is not None}
