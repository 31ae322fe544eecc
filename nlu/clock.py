"""What time it is: `KETANG_NOW` in development and tests, else the clock."""

import os
from datetime import datetime
from typing import Optional

from nlu.times import SHANGHAI


def moment(iso: Optional[str] = None) -> datetime:
    """`iso` if given, else KETANG_NOW, else now; in Shanghai, which an ISO time without a zone means too."""
    said = iso or os.environ.get("KETANG_NOW")
    if not said:
        return datetime.now(SHANGHAI)
    time = datetime.fromisoformat(said.replace("Z", "+00:00"))
    return time.astimezone(SHANGHAI) if time.tzinfo else time.replace(tzinfo=SHANGHAI)
