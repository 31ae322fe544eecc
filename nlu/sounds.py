"""How characters sound, as a string of equal length: homophone typos (贵花苑 for 桂花苑) look the same in it."""

from typing import Dict, List

from pypinyin.constants import PINYIN_DICT, Style
from pypinyin.style import convert

_FIRST_SOUND = 0xE000  # private use: a sound can never be mistaken for a character
_LOOSE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))  # not told apart by many speakers and keyboards


class _Sounds(Dict[int, str]):
    """str.translate's table, filled on demand."""

    def __init__(self) -> None:
        super().__init__()
        self._syllables: List[str] = []

    def __missing__(self, code: int) -> str:
        readings = PINYIN_DICT.get(code)
        self[code] = sound = self._named(_loosely(readings.split(",")[0])) if readings else chr(code)
        return sound

    def _named(self, syllable: str) -> str:
        if syllable not in self._syllables:
            self._syllables.append(syllable)
        return chr(_FIRST_SOUND + self._syllables.index(syllable))


def _loosely(reading: str) -> str:
    syllable = str(convert(reading, Style.NORMAL, strict=False))
    for strict, loose in _LOOSE:
        syllable = syllable.replace(strict, loose)
    return syllable


_SOUNDS = _Sounds()
# Every reading is named in one fixed order, so that the same sound has the same name in every process.
for _code in sorted(PINYIN_DICT):
    _SOUNDS[_code]


def sound(text: str) -> str:
    return text.translate(_SOUNDS)
