"""Places people name: the gazetteer's, also when mistyped by ear, and by grammar those that no list knows."""

import csv
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Dict, FrozenSet, Iterable, Iterator, List, Optional, Sequence, Tuple

import spacy
import yaml
from spacy.attrs import NORM
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from nlu.files import DICTIONARIES
from nlu.sounds import sound

_NUMBER = r"(?:[0-9]+|[一二三四五六七八九十百零两]+)"
_FLAT = rf"(?:\d{{3,4}}室?|{_NUMBER}室)"
_UNIT = rf"{_NUMBER}单元(?:{_NUMBER}(?:层|楼))?"
_BUILDING = re.compile(
    rf"(?:{_NUMBER}弄)?(?:{_NUMBER}|[A-Za-z]\d{{0,2}}|[甲乙丙丁])(?:号楼|幢|栋|座(?!城|桥|山)|号门(?!诊)|号院)(?:{_UNIT})?{_FLAT}?"
    rf"|{_UNIT}{_FLAT}?|{_NUMBER}弄(?:{_NUMBER}号)?{_FLAT}?|\d{{1,4}}号\d{{3,4}}室?|\d{{3,4}}室"
)
_ROAD_NUMBER = re.compile(r"\d{1,5}号(?!口|出口|线)(?:\d{3,4}室?)?|\d{1,5}弄(?:\d{1,4}号)?(?:\d{3,4}室?)?")
_EXIT = re.compile(rf"{_NUMBER}号(?:出|入)?口")
_CROSSING_JOIN = re.compile(r"(?:和|与|跟|同|、|/|到|至|的)?")
_CROSSING_END = re.compile(
    r"(?:的|那个|这个)?(?:交叉路口|交叉口|十字路口|丁字路口|交界处|交汇处|交接处|红绿灯路口|路口|转角处?|拐角处?|口(?!袋))"
)
_FLOOR = re.compile(
    rf"B\d层?|地下[一二三]层|(?:{_NUMBER}|顶)(?:楼|层)(?![^门平顶过楼电走]{{0,2}}[户家])|[往朝]?[东南西北][^,。]{{1,4}}米"
)
_HOUSE = re.compile(r"(?<=[里苑园坊湾城庭居府院堡郡村街巷楼寨])\d{1,4}号(?!线|晚|早|上午|下午|那天|位)(?:\d{3,4}室?)?")
_COUNTED = re.compile(r"[一二三四五六七八九十两几半多数整每]|\d")
_PART = re.compile(r"[一二三四五六七八九十0-9]{1,2}(?:期|组|区|队|村|坊)|[东南西北]区")
_NAME_CHARACTERS = re.compile(r"[\u4e00-\u9fffA-Za-z]+\d?[\u4e00-\u9fffA-Za-z]*")
_LETTERED = re.compile(r"[A-Z]\d?")
_SHORTEST_NAME, _LONGEST_NAME = 2, 6
_SHORTEST_HEARD = 3
_THERE = re.compile(r"(?<!现)(?<!正)(?<!存)(?:在|住|到|往|从)$")
_LEVEL = re.compile(r"(?:社区|乡镇|[镇乡县区市村老])$")
_ROADS = "路街道巷"
_MARKS = " ,。;!?:、"


@dataclass(frozen=True)
class Entry:
    """One line of the gazetteer."""

    code: str
    name: str
    kind: str
    aliases: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    start: int
    end: int
    kind: str
    entry: Optional[Entry] = None


@dataclass(frozen=True)
class Grammar:
    positions: "re.Pattern[str]"
    gates: "re.Pattern[str]"
    suffixes: Dict[str, str]
    endings: "re.Pattern[str]"
    estates: "re.Pattern[str]"
    weak: FrozenSet[str]
    common: FrozenSet[str]
    stops: FrozenSet[str]


def read_gazetteer(path: Path = DICTIONARIES / "places.csv") -> List[Entry]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [
            Entry(row["code"], row["name"], row["kind"], tuple(filter(None, row["aliases"].split("|"))))
            for row in csv.DictReader(lines)
        ]


def read_grammar(path: Path = DICTIONARIES / "place_words.yml") -> Grammar:
    words = yaml.safe_load(path.read_text(encoding="utf-8"))
    suffixes = {suffix: kind for kind, listed in words["suffixes"].items() for suffix in listed}
    return Grammar(
        positions=re.compile(f"的?(?:{_any_of(words['positions']).pattern})"),
        gates=_any_of(words["gates"]),
        suffixes=suffixes,
        endings=_any_of(suffixes),
        estates=re.compile(f"(?:{_any_of(words['estates']).pattern})$"),
        weak=frozenset(words["weak"]),
        common=frozenset(words["common"]),
        stops=frozenset(words["stops"]),
    )


def _any_of(words: Iterable[str]) -> "re.Pattern[str]":
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


class Places:
    """spaCy finds the listed names in a Doc of characters, once as written and once as heard."""

    def __init__(self, gazetteer: List[Entry], grammar: Grammar) -> None:
        self._grammar = grammar
        self._vocab = spacy.blank("zh").vocab
        self._vocab.lex_attr_getters[NORM] = sound  # a character's norm is its sound
        self._entries = {entry.code: entry for entry in gazetteer}
        self._written = PhraseMatcher(self._vocab, attr="ORTH")
        self._heard = PhraseMatcher(self._vocab, attr="NORM")
        for entry in gazetteer:
            names = (entry.name, *entry.aliases)
            self._written.add(entry.code, [self._doc(name) for name in names])
            # Two syllables are heard everywhere; three are rarely heard by chance.
            self._heard.add(entry.code, [self._doc(name) for name in names if len(name) >= _SHORTEST_HEARD])
        sounds = {sound(name[:2]) for entry in gazetteer for name in (entry.name, *entry.aliases)}
        self._may_be_listed = _any_of(sounds) if sounds else re.compile(r"(?!)")

    def _doc(self, text: str) -> Doc:
        return Doc(self._vocab, words=list(text), spaces=[False] * len(text))

    def find(self, text: str, words: Sequence[str]) -> List[Place]:
        """In order, none overlapping; offsets into `text`, whose words are `words`."""
        starts = _starts_by_end(words)
        listed = _longest(self._listed(text, starts)) if self._may_be_listed.search(sound(text)) else []
        parts = _longest([*listed, *self._built(text, starts), *self._unlisted(text, starts)])
        return [self._extended(text, place) for place in _joined(text, [_resolved(part, listed) for part in parts])]

    def _listed(self, text: str, starts: Dict[int, int]) -> List[Place]:
        doc = self._doc(text)
        written = self._matches(self._written, doc)
        heard = self._matches(self._heard, doc)
        return written + [p for p in heard if _is_typo(text, p, starts) and not self._ends_otherwise(text, p)]

    def _ends_otherwise(self, text: str, place: Place) -> bool:
        """百合苑 is not 百合园: both are endings of their own."""
        assert place.entry is not None
        last = text[place.end - 1]
        names = (place.entry.name, *place.entry.aliases)
        return last in self._grammar.suffixes and all(name[-1] != last for name in names)

    def _matches(self, matcher: PhraseMatcher, doc: Doc) -> List[Place]:
        entries = ((self._entries[self._vocab.strings[key]], start, end) for key, start, end in matcher(doc))
        return [Place(start, end, entry.kind, entry) for entry, start, end in entries]

    def _built(self, text: str, starts: Dict[int, int]) -> Iterator[Place]:
        """3号楼202室, and with the name before it when that ends as estates do: 锦绣里12号."""
        for match in (*_BUILDING.finditer(text), *_HOUSE.finditer(text)):
            estate = self._name_start(text, match.start() - 1, match.start(), starts)
            named = estate is not None and self._grammar.estates.search(text, estate, match.start())
            if named or match.re is _BUILDING:
                yield Place(estate if named and estate is not None else match.start(), match.end(), "building")
        for match in self._grammar.gates.finditer(text):
            yield Place(match.start(), match.end(), "landmark")

    def _unlisted(self, text: str, starts: Dict[int, int]) -> Iterator[Place]:
        """XX路, XX小区, XX小学: a known ending, and before it words that can be a name."""
        for match in self._grammar.endings.finditer(text):
            kind = self._grammar.suffixes[match.group()]
            start = self._name_start(text, *match.span(), starts)
            if start is not None and (
                match.group() not in self._grammar.weak or self._stands_alone(text, start, match.end())
            ):
                yield Place(start, match.end(), kind)
            elif kind == "landmark" and self._is_located(text, match.start(), match.end()):
                level = _LEVEL.search(text, 0, match.start())
                yield Place(level.start() if level else match.start(), match.end(), kind)

    def _name_start(self, text: str, ending: int, end: int, starts: Dict[int, int]) -> Optional[int]:
        """Where the name begins whose ending is text[ending:end]; None if that is no name."""
        if end not in starts and not (text[end - 1] in _ROADS and _CROSSING_END.match(text, end)):
            return None  # inside a word: 路灯
        at = min(starts.get(end, ending), ending)  # 清河路 may be one word
        while at in starts and self._can_name(text[starts[at] : at]) and _wants_more(ending - at, at - starts[at]):
            at = starts[at]
        name = text[at:ending]
        named = _SHORTEST_NAME - (end - ending == 1) <= len(name) <= _LONGEST_NAME or bool(_LETTERED.fullmatch(name))
        return at if named and name and self._is_proper(text[at:end]) else None

    def _can_name(self, word: str) -> bool:
        return word not in self._grammar.stops and _is_name_like(word)

    def _is_proper(self, name: str) -> bool:
        return bool(_NAME_CHARACTERS.fullmatch(name)) and name not in self._grammar.common

    def _is_located(self, text: str, start: int, end: int) -> bool:
        """菜场门口, 在菜场: a common noun is a place when something is there."""
        there = self._grammar.positions.match(text, end) or _EXIT.match(text, end)
        before = _LEVEL.search(text, 0, start) or _THERE.search(text, 0, start)
        return bool(there or (before and end - start > 1))

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        """里, 湾, 园 end many words; a name is said by itself, or with a place in it."""
        before, after = _THERE.search(text, 0, start) or not start or text[start - 1] in _MARKS, text[end : end + 1]
        return bool(self._grammar.positions.match(text, end) or (before and (not after or after in _MARKS + "的")))

    def _extended(self, text: str, place: Place) -> Place:
        return replace(place, end=self.reach(text, place))

    def reach(self, text: str, place: Place) -> int:
        """Where it ends with what pins it down further: 楼下, 门口, 2号口, 东侧, 五楼."""
        end = place.end
        tails = (self._grammar.positions, _EXIT, _PART, _FLOOR)
        while tail := next((found for pattern in tails if (found := pattern.match(text, end))), None):
            end = tail.end()
        return end

    def kind(self, name: str) -> str:
        """Of a name that the grammar did not find by itself."""
        if _BUILDING.search(name):
            return "building"
        endings = [match.group() for match in self._grammar.endings.finditer(name)]
        return self._grammar.suffixes[endings[-1]] if endings else "landmark"


@lru_cache(maxsize=20_000)
def _is_name_like(word: str) -> bool:
    return bool(_NAME_CHARACTERS.fullmatch(word)) and not _COUNTED.match(word)


def _wants_more(length: int, word: int) -> bool:
    """A name has two characters at least; unknown names come in single ones: 天|悦|湾."""
    return length < _SHORTEST_NAME or (word == 1 and length < _SHORTEST_NAME + 1)


def _starts_by_end(words: Sequence[str]) -> Dict[int, int]:
    starts, at = {}, 0
    for word in words:
        starts[at + len(word)] = at
        at += len(word)
    return starts


def _is_typo(text: str, place: Place, starts: Dict[int, int]) -> bool:
    """Sounds like the name, is written nearly like it, and says nothing else: 贵花苑; but 星河 in 星河湾 is a word."""
    assert place.entry is not None
    said = text[place.start : place.end]
    names = [name for name in (place.entry.name, *place.entry.aliases) if len(name) == len(said)]
    wrong = min(([at for at, (a, b) in enumerate(zip(said, name)) if a != b] for name in names), key=len)
    words = [(start, end) for end, start in starts.items() if end - start > 1]
    meant = any(start <= place.start + at < end for at in wrong for start, end in words)
    return 1 <= len(wrong) <= max(1, len(said) // 3) and not meant


def _resolved(part: Place, listed: Sequence[Place]) -> Place:
    """What a longer span swallowed still says where it is: 桂花苑 in 桂花苑3号楼."""
    inside = (place.entry for place in listed if part.start <= place.start and place.end <= part.end)
    return replace(part, entry=part.entry or next(inside, None))


def _longest(places: Iterable[Place]) -> List[Place]:
    """None overlapping: the longest wins, then the listed one."""
    kept: List[Place] = []
    for place in sorted(places, key=lambda p: (p.start - p.end, p.entry is None)):
        if all(place.end <= other.start or place.start >= other.end for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda p: p.start)


def _joined(text: str, parts: List[Place]) -> List[Place]:
    """桂花苑 + 3号楼 is one building in 桂花苑; 叶城路 + 和 + 沪宜公路 + 路口 is one crossing."""
    joined: List[Place] = []
    for part in parts:
        part = _crossing_of_one(text, part)
        before = joined[-1] if joined else None
        if before and part.start < before.end:
            continue  # 58弄 of 清河路58弄, already taken with the road
        if before and (crossing := _crossing(text, before, part)):
            joined[-1] = crossing
        elif before and before.end == part.start:
            joined[-1] = Place(before.start, part.end, part.kind, part.entry or before.entry)
        else:
            joined.append(_numbered(text, part))
    return joined


def _crossing_of_one(text: str, road: Place) -> Place:
    if road.kind == "road" and (end := _CROSSING_END.match(text, road.end)):
        return Place(road.start, end.end(), "crossing", road.entry)
    return road


def _crossing(text: str, before: Place, after: Place) -> Optional[Place]:
    if before.kind != "road" or after.kind not in {"road", "crossing"}:
        return None
    between = text[before.end : after.start]
    if between and not (after.kind == "crossing" and _CROSSING_JOIN.fullmatch(between)):
        return None
    return Place(before.start, after.end, "crossing", before.entry or after.entry)


def _numbered(text: str, road: Place) -> Place:
    """清河路58弄3号: a house in a road."""
    number = _ROAD_NUMBER.match(text, road.end) if road.kind == "road" else None
    return Place(road.start, number.end(), "building", road.entry) if number else road


def places_of(entry_file: Path = DICTIONARIES / "places.csv") -> Places:
    return Places(read_gazetteer(entry_file), read_grammar())
