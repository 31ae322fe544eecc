"""Reading the fields of a JSON object one by one, and noting everything that is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from community.core.errors import ValueRefused
from community.core.messages import clean


@dataclass
class Reader:
    """`problems` are by field, in the order of reading; a field that is wrong reads as if it were not there."""

    content: Mapping[str, object]
    problems: dict[str, ValueRefused] = field(default_factory=dict)

    def refuse(self, name: str, key: str, **values: object) -> None:
        self.problems.setdefault(name, ValueRefused(key, **values))

    def text(self, name: str, limit: int, *, required: bool = False) -> str:
        """Cleaned, no longer than `limit` characters."""
        value = self.content.get(name)
        if value is not None and not isinstance(value, str):
            self.refuse(name, "value_not_text")
            return ""
        said = clean(value or "")
        if required and not said:
            self.refuse(name, "value_missing")
        if len(said) > limit:
            self.refuse(name, "value_too_long", limit=limit, length=len(said))
            return ""
        return said

    def choice[T: StrEnum](self, name: str, kind: type[T], default: T) -> T:
        said = self.text(name, 64)
        if said and said not in set(kind):
            self.refuse(name, "value_not_a_choice", choices="、".join(kind))
        return kind(said) if said in set(kind) else default

    def degrees(self, name: str) -> float | None:
        value = self.content.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 180:
            self.refuse(name, "value_not_degrees")
            return None
        return float(value)
