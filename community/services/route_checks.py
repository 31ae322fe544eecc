"""What no single rule of routing shows: that two contradict each other, or that one never gets to say anything.

Every situation that the rules can tell apart is tried once.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import product

from community.core.cases import Urgency
from community.core.clock import SHANGHAI
from community.core.routing_rules import Rank, Rule, Situation, ranked
from community.core.taxonomy import Service, Taxonomy

PARTS = tuple(part.name for part in fields(Rule) if part.name not in {"name", "when"})
_SOME_DAY = datetime(2026, 11, 23, tzinfo=SHANGHAI)


def undecided(rules: Sequence[Rule], taxonomy: Taxonomy, areas: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Reasons, each once: contradictions first, then rules that never decide."""
    clashes: dict[str, None] = {}
    heard: set[str] = set()
    for situation in situations(rules, taxonomy, areas):
        for part, saying in _said(ranked(rules, situation)):
            heard.add(saying[0][1].name)
            clashes |= dict.fromkeys(_clashes(part, saying))
    yield from clashes
    yield from (f"rule {rule.name} never decides anything" for rule in rules if rule.name not in heard)


def situations(rules: Sequence[Rule], taxonomy: Taxonomy, areas: Mapping[str, Sequence[str]]) -> Iterator[Situation]:
    """One for each set of situations that are all the same to the rules."""
    services = _alike(taxonomy.services.values(), lambda service: _service_marks(rules, service))
    lines = _alike([(), *((code, *areas[code]) for code in areas)], lambda line: _area_marks(rules, line))
    hours = sorted({0, *(hour for rule in rules for hour in rule.when.hours or ())})
    for service, line, hour, is_workday, urgency in product(services, lines, hours, (True, False), Urgency):
        yield Situation(service.code, service.group, line, _SOME_DAY.replace(hour=hour), is_workday, urgency)


def _said(ranking: Sequence[tuple[Rank, Rule]]) -> Iterator[tuple[str, list[tuple[Rank, Rule]]]]:
    """The rules that say something about a part, for each part that any says something about."""
    for part in PARTS:
        if saying := [(rank, rule) for rank, rule in ranking if getattr(rule, part) is not None]:
            yield part, saying


def _clashes(part: str, saying: Sequence[tuple[Rank, Rule]]) -> Iterator[str]:
    first_rank, first = saying[0]
    for rank, rule in saying[1:]:
        if rank == first_rank and getattr(rule, part) != getattr(first, part):
            yield f"rules {first.name} and {rule.name} contradict each other: {part}"


def _service_marks(rules: Iterable[Rule], service: Service) -> Hashable:
    return tuple((service.code in rule.when.codes, service.group in rule.when.groups) for rule in rules)


def _area_marks(rules: Iterable[Rule], line: Sequence[str]) -> Hashable:
    return tuple(tuple(code in rule.when.areas for code in line) for rule in rules)


def _alike[Thing](things: Iterable[Thing], marks: Callable[[Thing], Hashable]) -> list[Thing]:
    """One of each."""
    return list({marks(thing): thing for thing in things}.values())
