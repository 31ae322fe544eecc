"""Core objects to rows and back, field by field of the same name."""

from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any, ClassVar, Protocol

from community.db.models import Base


class DataclassInstance(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def to_core[T: DataclassInstance](kind: type[T], row: Base, **replaced: Any) -> T:
    """`replaced` gives the fields whose form in the row is another."""
    values = {f.name: getattr(row, f.name) for f in fields(kind) if f.name not in replaced}
    return kind(**values, **replaced)


def to_values(entity: DataclassInstance, **replaced: Any) -> dict[str, Any]:
    """The columns of an entity, without the id that only the database gives."""
    values = {f.name: getattr(entity, f.name) for f in fields(entity) if f.name != "id"}
    return {**values, **replaced}


def apply(values: Mapping[str, Any], row: Base) -> None:
    for name, value in values.items():
        setattr(row, name, value)
