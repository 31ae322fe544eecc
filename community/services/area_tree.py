"""Whether areas hang together as a tree whose levels go down."""

from collections.abc import Iterator, Mapping

from community.core.areas import Area, Level


def tree_errors(areas: Mapping[str, Area]) -> Iterator[tuple[str, str]]:
    """The code of each area that is not where it can be, and why."""
    for code, area in areas.items():
        above = _way_up(areas, area)
        if code in above:
            yield code, f"{code} lies in itself: {' → '.join([code, *above[: above.index(code) + 1]])}"
        elif reason := _parent_error(areas, area):
            yield code, reason
        else:
            yield from ((code, reason) for town in area.also if (reason := _also_error(areas, code, town, above)))


def _way_up(areas: Mapping[str, Area], area: Area) -> list[str]:
    """What it lies in, the nearest first; it ends at the top, or where a circle closes."""
    way: list[str] = []
    while (parent := areas.get(area.parent)) and parent.code not in way:
        way.append(parent.code)
        area = parent
    return way


def _parent_error(areas: Mapping[str, Area], area: Area) -> str:
    if not area.parent:
        return ""
    parent = areas.get(area.parent)
    if parent is None:
        return f"{area.code} lies in the unknown area {area.parent}"
    if parent.level >= area.level:
        return f"{area.code}, a {_word(area)}, cannot lie in {parent.code}, a {_word(parent)}"
    return ""


def _also_error(areas: Mapping[str, Area], code: str, town: str, above: list[str]) -> str:
    if town not in areas or areas[town].level is not Level.TOWN:
        return f"{code} names {town}, which is no town"
    return f"{code} names its own town {town}" if town in above else ""


def _word(area: Area) -> str:
    return area.level.name.lower()
