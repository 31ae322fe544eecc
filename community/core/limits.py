"""How long something may take, as data says it; when it ends is for the clocks to say."""

from dataclasses import dataclass

from community.core.worktime import Basis


@dataclass(frozen=True)
class LimitSpec:
    """So much time, in whole minutes: half an hour is as exact as a month. Raises ValueError for less than one."""

    minutes: int
    basis: Basis = Basis.CLOCK

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("a limit of less than a minute")

    @classmethod
    def of_hours(cls, hours: int, basis: Basis = Basis.CLOCK) -> "LimitSpec":
        return cls(hours * 60, basis)
