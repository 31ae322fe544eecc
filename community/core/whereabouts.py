"""What a text says by itself about the place: names that end as places do, and marks such as 3号楼 or 北门."""

import re
from collections import defaultdict
from collections.abc import Iterator

# Longest first, since the first that fits is taken.
_ENDINGS = (
    "幼儿园|小区|花园|家园|新村|公寓|名邸|公馆|华庭|山庄|社区|新城|广场|大厦|学院|学校|小学|中学|医院|公园|国际|市场|"
    "大道|公路|高速|号线|城|苑|园|府|郡|湾|里|坊|路|街|巷|村|桥|站|校|厂|院|弄"
)
# Where a name begins cannot be known without a dictionary, so its last two characters stand for it. Most of what is
# found so is no name, which does no harm: its characters are common, and common ones weigh nothing.
_NAME = re.compile(rf"(?=(\w\w(?:{_ENDINGS})))")

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_UNITS = {
    "号楼": "楼",
    "栋": "楼",
    "幢": "楼",
    "座": "楼",
    "单元": "单元",
    "室": "室",
    "弄": "弄",
    "组": "组",
    "期": "期",
}
_COUNTED = re.compile(rf"(\d{{1,4}}|[一二三四五六七八九十]{{1,3}})({'|'.join(_UNITS)})")
_LINE = re.compile(r"(\d{1,4})(路|号线)")  # of a bus or a train; 一路 is said of other things
_DOOR = re.compile(r"(?<=[路街弄巷村])(\d{1,4})号(?!楼|线)")  # 3号 alone is mostly a day
_GATE = re.compile(r"([东南西北])[大小]?门")


def place_names(text: str) -> frozenset[str]:
    """Endings with the two characters before them. `text` as rarity.folded leaves it."""
    return frozenset(match[1] for match in _NAME.finditer(text))


def marks(text: str) -> dict[str, frozenset[str]]:
    """By kind: 3号楼, 三栋 and 3幢 are all {楼: 3}, 北大门 is {门: 北}. `text` as rarity.folded leaves it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for kind, value in _marks(text):
        found[kind].add(value)
    return {kind: frozenset(values) for kind, values in found.items()}


def _marks(text: str) -> Iterator[tuple[str, str]]:
    yield from ((_UNITS[unit], _in_digits(value)) for value, unit in _COUNTED.findall(text))
    yield from ((unit, value) for value, unit in _LINE.findall(text))
    yield from (("号", value) for value in _DOOR.findall(text))
    yield from (("门", side) for side in _GATE.findall(text))


def _in_digits(written: str) -> str:
    """Characters up to 九十九."""
    if written.isdecimal():
        return str(int(written))
    tens, ten, ones = written.rpartition("十")
    return str((_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0))
