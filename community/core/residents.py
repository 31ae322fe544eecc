"""A resident 居民 and the accounts through which they are reached."""

from dataclasses import dataclass, field
from datetime import datetime

SILENT_CHANNELS = frozenset({"open311", "platform", "hotline"})


@dataclass(kw_only=True)
class Resident:
    id: int = 0
    created_at: datetime
    area_code: str | None = None
    contacts: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ChannelAccount:
    """One person on one channel: `external_id` is the channel's own name for them."""

    id: int = 0
    resident_id: int
    channel: str
    external_id: str
    created_at: datetime

    @property
    def converses(self) -> bool:
        """Whether there is a person to write to; other systems and imports are only named as a source."""
        return self.channel not in SILENT_CHANNELS
