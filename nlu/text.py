"""One spelling for all: half-width, simplified, no invisible characters; each character remembers where it stood."""

import unicodedata
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from opencc import OpenCC

_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}  # controls, joiners, lone surrogates, unassigned, accents
_SKIN_TONES = range(0x1F3FB, 0x1F400)


@dataclass(frozen=True)
class CleanText:
    """`origins[i]` is the place in `original` of `text[i]`; None where nothing moved."""

    original: str
    text: str
    origins: Optional[List[int]] = None

    def original_span(self, start: int, end: int) -> Tuple[int, int]:
        """Where text[start:end] stands in the original."""
        if self.origins is None or start >= end:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


class _Spelling(Dict[str, str]):
    """What a character becomes; worked out once for each."""

    def __init__(self) -> None:
        super().__init__()
        self._simplify = OpenCC("t2s").convert

    def __missing__(self, char: str) -> str:
        self[char] = spelled = "" if _is_dropped(char) else self._respell(char)
        return spelled

    def _respell(self, char: str) -> str:
        if char.isspace():
            return " "
        wide = unicodedata.normalize("NFKC", char)
        return "".join(self._simplify(c) for c in wide if c != " ") or " "


def _is_dropped(char: str) -> bool:
    if char.isspace():
        return False
    return unicodedata.category(char) in _DROPPED or ord(char) in _SKIN_TONES


_SPELLING = _Spelling()


def clean(text: str) -> CleanText:
    """A lone surrogate or a control character never gets further than this."""
    pieces = [_SPELLING[char] for char in text]
    joined = "".join(pieces)
    if len(joined) == len(text) and all(pieces):  # nothing dropped, nothing widened
        return CleanText(text, joined)
    return CleanText(text, joined, [i for i, piece in enumerate(pieces) for _ in piece])
