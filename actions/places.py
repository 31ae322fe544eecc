"""From the places in a message to neighbourhood and address."""

from actions.heard import Heard
from community.core.areas import Areas


def area_of(said: Heard, areas: Areas) -> str | None:
    """The neighbourhood named, by button or in words."""
    if (chosen := said.pressed.get("area_code")) in areas.neighbourhoods:
        return chosen
    return next((place.code for place in said.places if place.code in areas.neighbourhoods), None)


def address_of(said: Heard, areas: Areas) -> str:
    """Everything said about the place beyond the neighbourhood's bare name, in the order said."""
    parts = (place.text for place in said.places if not _is_bare_area(place.text, areas))
    return "".join(dict.fromkeys(parts))


def _is_bare_area(text: str, areas: Areas) -> bool:
    return any(text == area.name or text in area.aliases for area in areas.neighbourhoods.values())
