"""What routing decided for a case, as its events remember it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from community.core.clocks import Limit
from community.core.worktime import Basis


@dataclass(frozen=True)
class Terms:
    """`fallback`: the unit that takes over when the lead misses its limit; `procedure`: the special one, if any."""

    lead: str
    co_units: tuple[str, ...]
    response: Limit
    resolve: Limit
    fallback: str | None = None
    needs_photo: bool = False
    procedure: str | None = None

    def as_data(self) -> dict[str, Any]:
        return {
            "lead": self.lead,
            "co_units": list(self.co_units),
            "response": _limit_data(self.response),
            "resolve": _limit_data(self.resolve),
            "fallback": self.fallback,
            "needs_photo": self.needs_photo,
            "procedure": self.procedure,
        }


def terms_of(data: dict[str, Any]) -> Terms:
    """The reverse of `as_data`."""
    return Terms(
        lead=data["lead"],
        co_units=tuple(data["co_units"]),
        response=_limit(data["response"]),
        resolve=_limit(data["resolve"]),
        fallback=data["fallback"],
        needs_photo=data["needs_photo"],
        procedure=data["procedure"],
    )


def _limit_data(limit: Limit) -> dict[str, Any]:
    return {"minutes": limit.amount // timedelta(minutes=1), "basis": limit.basis.value}


def _limit(data: dict[str, Any]) -> Limit:
    return Limit(timedelta(minutes=data["minutes"]), Basis(data["basis"]))
