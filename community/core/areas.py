"""Neighbourhoods 居村 as residents name them."""

from collections.abc import Mapping
from dataclasses import dataclass

from community.core.errors import NotFound


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    aliases: tuple[str, ...] = ()
    town: str = ""


@dataclass(frozen=True)
class Areas:
    by_code: Mapping[str, Area]

    def __getitem__(self, code: str) -> Area:
        try:
            return self.by_code[code]
        except KeyError:
            raise NotFound(f"no area {code}") from None

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def name(self, code: str | None) -> str:
        area = self.by_code.get(code or "")
        return area.name if area else ""
