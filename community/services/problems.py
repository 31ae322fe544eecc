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
    """For a field that names something: it must be among the names of this kind given to `Problems.read`."""

    def check(value: str, info: ValidationInfo) -> str:
        names: Mapping[str, Container[str]] = info.context or {}
        if value not in names[kind]:
            raise PydanticCustomError("unknown", "unknown {kind} {value}", {"kind": kind, "value": value})
        return value

    return AfterValidator(check)


class Problems:
    """Collects `file: reason`."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, path: Path, *reasons: str) -> None:
        self._found += (f"{path.name}: {reason}" for reason in reasons)

    def refusal(self) -> BadReferenceData:
        """A line for each problem."""
        return BadReferenceData("\n".join(self._found))

    def refuse(self) -> None:
        """Raises BadReferenceData if there are any."""
        if self._found:
            raise self.refusal()

    def read[Shape: BaseModel](self, path: Path, shape: type[Shape], **names: Container[str]) -> Shape | None:
        """The file in this shape, or None when that cannot be and has been noted. `names`: what exists, by kind."""
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            self.add(path, str(error))
            return None
        if not isinstance(content, dict):
            self.add(path, "is not a mapping")
            return None
        return self._shaped(path, content, shape, names)

    def _shaped[Shape: BaseModel](
        self, path: Path, content: object, shape: type[Shape], names: Mapping[str, Container[str]]
    ) -> Shape | None:
        try:
            return shape.model_validate(content, context=names)
        except ValidationError as errors:
            self.add(path, *(f"{_where(content, error['loc'])}: {error['msg']}" for error in errors.errors()))
            return None


def twice(codes: Iterable[str]) -> list[str]:
    """Those that stand there more than once, each once."""
    return [code for code, times in Counter(codes).items() if times > 1]


def _where(content: Any, location: tuple[int | str, ...]) -> str:
    """`site_survey hours` says more than `stages.1.links.0.steps.0.hours`."""
    named: list[int | str] = []
    rest = location
    for depth, part in enumerate(location, 1):
        content = _inside(content, part)
        if isinstance(content, Mapping) and (name := content.get("key") or content.get("name")):
            named, rest = [name], location[depth:]
    return " ".join(map(str, [*named, *rest]))


def _inside(content: Any, part: int | str) -> Any:
    try:
        return content[part]
    except (KeyError, IndexError, TypeError):
        return None
