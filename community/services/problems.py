"""Everything that is wrong with the files of one kind, told at once."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sized
from pathlib import Path
from typing import Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from community.core.errors import BadReferenceData


class Row(BaseModel):
    """The shape of a piece of a file: nothing missing, nothing unknown, no number for a word."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_min_length=1)


def _filled[Rows: Sized](rows: Rows) -> Rows:
    if not rows:
        raise PydanticCustomError("empty", "is empty")
    return rows


FILLED = AfterValidator(_filled)  # unlike a least length it stays quiet when the rows themselves are wrong


def known(kind: str) -> AfterValidator:
    """For a field that names something: it must be among what `Problems` was told to exist of this kind."""

    def check(value: str, info: ValidationInfo) -> str:
        names: Mapping[str, Container[str]] = info.context or {}
        if value not in names[kind]:
            raise PydanticCustomError("unknown", "unknown {kind} {value}", {"kind": kind, "value": value})
        return value

    return AfterValidator(check)


class Problems:
    """Collects `file: reason`. `names` has what exists, by kind."""

    def __init__(self, **names: Container[str]) -> None:
        self._names = names
        self._found: list[str] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, path: Path, *reasons: str) -> None:
        self._found += (f"{path.name}: {reason}" for reason in reasons)

    def refuse(self) -> None:
        """Raises BadReferenceData, a line for each problem, if there are any."""
        if self._found:
            raise BadReferenceData("\n".join(self._found))

    def read[Shape: BaseModel](self, path: Path, shape: type[Shape]) -> Shape | None:
        """The file in this shape, or None when that cannot be and has been noted."""
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            self.add(path, str(error))
            return None
        if not isinstance(content, dict):
            self.add(path, "is not a mapping")
            return None
        return self._shaped(path, content, shape)

    def _shaped[Shape: BaseModel](self, path: Path, content: object, shape: type[Shape]) -> Shape | None:
        try:
            return shape.model_validate(content, context=self._names)
        except ValidationError as errors:
            self.add(path, *(f"{_where(content, error['loc'])}: {error['msg']}" for error in errors.errors()))
            return None


def twice(codes: Iterable[str]) -> list[str]:
    """Those that stand there more than once, each once."""
    return [code for code, times in Counter(codes).items() if times > 1]


def _where(content: Any, location: tuple[int | str, ...]) -> str:
    """`site_survey hours` says more than `stages.1.links.0.steps.0.hours`."""
    named, rest = [], list(map(str, location))
    for depth, part in enumerate(location):
        if depth and isinstance(content, Mapping) and (name := content.get("key") or content.get("name")):
            named, rest = [str(name)], list(map(str, location[depth:]))
        content = _inside(content, part)
    return " ".join(named + rest)


def _inside(content: Any, part: int | str) -> Any:
    try:
        return content[part]
    except (KeyError, IndexError, TypeError):
        return None
