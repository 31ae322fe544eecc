"""When things were said to happen: exact words, and the moment in Shanghai they mean, reckoned from `now`."""

# ruff: noqa: E501  # tables and patterns are read a line at a time

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Callable, List, Match, Optional, Pattern, Tuple
from zoneinfo import ZoneInfo

from nlu.workdays import HOLIDAYS, holiday_days, is_workday

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Time:
    """`ambiguous`: the words allow another reading, such as 八点 without morning or evening."""

    start: int
    end: int
    value: datetime
    ambiguous: bool = False


Day = Tuple[date, bool]  # and whether it is a guess

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "日": 7, "天": 7}
_PARTS = {  # the hour that a part of the day means by itself
    "凌晨": 2, "清晨": 6, "清早": 6, "大清早": 6, "一大早": 8, "一早": 8, "早晨": 8, "早上": 8, "早": 8, "上午": 9, "中午": 12, "正午": 12, "午后": 14,
    "下午": 15, "傍晚": 18, "晚上": 20, "夜晚": 20, "夜里": 20, "晚": 20, "夜": 20, "深夜": 23, "半夜": 24, "午夜": 24, "后半夜": 26, "半夜里": 24,
}  # fmt: skip
_EVENING = {"午后", "下午", "傍晚", "晚上", "夜晚", "夜里", "晚", "夜", "深夜", "半夜", "午夜", "半夜里"}
_NIGHT = _EVENING - {"午后", "下午", "傍晚"}
_NEAR_DAYS = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "今天": 0, "今日": 0, "今儿": 0, "当天": 0,
    "明天": 1, "明日": 1, "明儿": 1, "后天": 2, "大后天": 3, "昨": -1, "今": 0, "明": 1, "前": -2,
}  # fmt: skip
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_MONTHS = {"上上个月": -2, "上个月": -1, "上月": -1, "这个月": 0, "本月": 0, "当月": 0, "下个月": 1, "下月": 1}
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_SEASONS = {
    "春天": 3,
    "夏天": 6,
    "秋天": 9,
    "冬天": 12,
    "开春": 3,
    "入夏": 6,
    "入秋": 9,
    "入冬": 12,
    "年初": 1,
    "年底": 12,
    "上半年": 1,
    "下半年": 7,
}
_UNIT_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "个星期": 7, "个礼拜": 7}
_UNIT_MINUTES = {"小时": 60, "个小时": 60, "钟头": 60, "个钟头": 60, "分钟": 1}


def _any(words: "dict[str, int]") -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_N = r"(?:\d{1,2}|[一二三四五六七八九十两]{1,3})"
_CLOCK = (
    rf"(?:(?P<hour>{_N})(?:点钟?|时(?![间候常不刻装段限代隔而期]))(?:(?P<half>半)|(?P<quarter>[一三])刻"
    rf"|(?P<minute>\d{{1,2}}分?|零[一二三四五六七八九]分?|[二三四五]?十[一二三四五六七八九]?分?|[一二三四五六七八九]分)(?![\d天个家户人次楼年月万千斤号元块米钟]))?整?|(?P<h>\d{{1,2}}):(?P<m>\d\d)(?::\d\d)?)"
)
_TAIL = (
    rf"(?:的?(?P<part>{_any(dict.fromkeys(_PARTS, 0))}))?(?:[, ]?(?:大概|差不多|大约)?{_CLOCK}(?:左右|多钟?|出头)?)?"
)
_HABIT = re.compile(r"(?:每个?|天天|日日|每到|一到)(?:天|日|晚|周|星期|礼拜|早|月|年|逢)?(?:的|都|到了?|从)?$")
_RANGE = re.compile(r"(?:一直)?(?:到|至|-|~|—+)")
_RANGE_END = re.compile(rf"(?:一直)?(?:到|至|-|~|—+)(?:{_any(_PARTS)})?{_CLOCK}(?:左右|多)?")
_DEADLINE = re.compile(r"[^,。;!?]{0,3}(?:截止|结束|为止|投完|截至|关闭|前|之前)")
_SHORT = 14  # a bare answer to 什么时候
_TRIGGER = re.compile(r"[天日周年月点时节末夜昨今明礼星秋午旦清庆一号:早晚前后-]")


def number(text: str) -> int:
    """12, 十二, 二十, 两, 二〇二六."""
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return int("".join(str(_DIGITS[c]) for c in text))
    tens, _, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _near(match: Match[str], today: date) -> Day:
    return today + timedelta(days=_NEAR_DAYS[match["near"]]), False


def _weekday(match: Match[str], today: date) -> Day:
    monday = today - timedelta(days=today.weekday())
    week, day = match["week"], match["weekday"]
    if not day:
        return monday + timedelta(weeks=_WEEKS[week]), False
    offset = 5 if day == "末" else number(day) - 1
    return monday + timedelta(weeks=_WEEKS[week] if week else 0, days=offset), not week


def _calendar(match: Match[str], today: date) -> Day:
    said_year, month, day = match["year"], match["month"], match["day"]
    year = today.year if not said_year else today.year + _YEARS[said_year] if said_year in _YEARS else _year(said_year)
    return _date(year, number(month), number(day) if day else 1), not said_year


def _year(text: str) -> int:
    year = number(text)
    return year + 2000 if year < 100 else year


def _of_month(match: Match[str], today: date) -> Day:
    month, day = match["which_month"], match["month_day"]
    year, index = divmod(today.year * 12 + today.month - 1 + (_MONTHS[month] if month else 0), 12)
    day = day and day.lstrip("月")
    if day in {"底", "末"}:
        return date(year, index + 1, monthrange(year, index + 1)[1]), False
    return _date(year, index + 1, {None: 1, "初": 1, "中": 15}.get(day) or number(day)), not month


def _of_year(match: Match[str], today: date) -> Day:
    said, season = match["which_year"], match["season"]
    year = today.year + _YEARS[said] if said in _YEARS else _year(said.rstrip("年"))
    return date(year, _SEASONS[season] if season else 1, 1), bool(season)


def _ago(match: Match[str], today: date) -> Day:
    amount, sign = _amount(match["amount"]), -1 if match["side"].endswith("前") else 1
    unit = match["unit"]
    if unit in _UNIT_DAYS:
        return today + timedelta(days=sign * int(amount * _UNIT_DAYS[unit])), False
    months = int(amount * (12 if unit == "年" else 1))
    if not months:  # 半个月
        return today + timedelta(days=sign * 15), False
    year, index = divmod(today.year * 12 + today.month - 1 + sign * months, 12)
    return _date(year, index + 1, today.day), False


def _amount(text: str) -> float:
    return {"半": 0.5, "一个半": 1.5}.get(text) or number(text)


def _holiday(match: Match[str], today: date) -> Day:
    said_year, side, ordinal = match["holiday_year"], match["holiday_side"] or "", match["ordinal"]
    year = today.year + (_YEARS[said_year] if said_year else 0)
    days = holiday_days(HOLIDAYS[match["holiday"]], year)
    if not days:
        return _date(year, 1, 1), True
    if ordinal:
        return _workday_after(days[-1], number(ordinal)), False
    if side in {"前", "之前", "以前", "前一天"}:
        return days[0] - timedelta(days=1), side != "前一天"
    return (days[-1] + timedelta(days=1), True) if side.endswith("后") else (days[0], not said_year)


def _workday_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def _today(_: Match[str], today: date) -> Day:
    return today, False


def _date(year: int, month: int, day: int) -> date:
    """Clipped to the month: 31 February is its last day."""
    return date(year, month, min(day, monthrange(year, month)[1]))


Resolver = Callable[[Match[str], date], Day]
_RULES: List[Tuple[Pattern[str], Resolver]] = [
    (re.compile(pattern + _TAIL), resolve)
    for pattern, resolve in [
        (rf"(?P<near>{_any({d: 0 for d in _NEAR_DAYS if len(d) > 1})}|(?:昨|今|明|前)(?=[晚早夜上下中]|半夜|凌晨|傍晚|清早)(?![上下中](?!午))(?!后|前))", _near),
        (r"(?P<week>上上|下下|上|下|这|本)个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末]|[1-7](?!\d))?(?![边围长刊])", _weekday),
        (r"(?P<week>(?!))?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])(?!到|至)", _weekday),
        (rf"(?:(?P<year>\d{{4}}|\d\d|[二零〇一三四五六七八九]{{4}})[年.-]|(?P<_y>(?!)))?(?P<month>{_N})月份?(?:的?(?P<day>{_N})[日号]?(?![个年天万块元]))?", _calendar),
        (rf"(?P<year>{_any(_YEARS)})(?P<month>{_N})月份?(?:(?P<day>{_N})[日号]?(?![个年天万块元]))?", _calendar),
        (r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", _calendar),
        (r"(?P<year>(?!))?(?<![\d/])(?P<month>1[0-2]|[1-9])/(?P<day>[12]\d|3[01]|[1-9])(?![\d/])(?: (?=\d))?", _calendar),
        (rf"(?P<which_month>{_any(_MONTHS)})(?:的?(?P<month_day>{_N}(?=[日号])|[底初末]|中(?![毒午间]))[日号]?)?", _of_month),
        (r"(?P<which_month>(?!))?(?<![号楼栋幢\d里巷弄苑村湾坊园堡路街庭府院])(?P<month_day>(?:[12]?\d|3[01]|[一二]?十[一二三四五六七八九]?|三十一?)(?=[日号](?![楼线口门院弄车机桥地杆铺房库栋幢坑井桩柜])))[日号]", _of_month),
        (r"(?P<which_month>(?!))?(?P<month_day>(?<!\d)(?<![一二三四五六七八九十个腊正])月[底初])(?!一|二)", _of_month),
        (rf"(?P<which_year>{_any({y: 0 for y in _YEARS if y != '今年'})}|20\d\d年|今年(?={_any(_SEASONS)}))(?P<season>{_any(_SEASONS)})?", _of_year),
        (rf"(?<![\d一二三四五六七八九十])(?P<amount>{_N}|半|一个半(?=小时|钟头))(?P<unit>个?小时|个?钟头|分钟|天|日|周|个?星期|个?礼拜|个月|(?<=[一二两半123])年)(?P<side>之前|以前|前|之后|以后|后)", _ago),
        (rf"(?P<holiday_year>{_any(_YEARS)})?(?P<holiday>{_any(dict.fromkeys(HOLIDAYS, 0))})节?(?:假期|长假|放假)?(?P<holiday_side>前|后|之前|以前|之后|以后|期间)?"
         rf"(?:的?第(?P<ordinal>{_N})个工作日)?", _holiday),
        (r"(?<!\d)双(?:11|十一)", lambda _, today: (date(today.year, 11, 11), False)),
        (rf"(?=(?:{_any({p: 0 for p in _PARTS if len(p) > 1})})(?:大概|差不多|大约)?(?:{_N}点|\d{{1,2}}:\d\d|\d{{1,2}}时))", _today),
        (rf"(?<![\d一二三四五六七八九十两.:了过])(?=(?:{_N}点(?:钟|半|整|多|左右|[一三]刻|\d\d?分?)|\d{{1,2}}点(?![几一])|[01]?\d:[0-5]\d|2[0-3]:[0-5]\d))", _today),
    ]
]  # fmt: skip


def find_times(text: str, now: datetime) -> List[Time]:
    """In order, none overlapping; offsets into `text`."""
    if not _TRIGGER.search(text):
        return []
    now = now.astimezone(SHANGHAI) if now.tzinfo else now.replace(tzinfo=SHANGHAI)
    found = [time for rule in _RULES for time in _found(text, now, *rule)]
    return _ranges(text, _earliest_longest(found))


def _found(text: str, now: datetime, pattern: Pattern[str], resolve: Resolver) -> List[Time]:
    matches = (match for match in pattern.finditer(text) if match.group() and not _is_habit(text, match, resolve))
    return [time for match in matches if (time := _time(match, now, resolve))]


def _is_habit(text: str, match: Match[str], resolve: Resolver) -> bool:
    """每天八点; and 晚上九点还在响, 周六不开门: without a day that is a habit, unless it answers or ends something."""
    if _HABIT.search(text, 0, match.start()):
        return True
    dayless = resolve is _today or (resolve is _weekday and not match["week"] and not match["part"])
    return dayless and len(text) > _SHORT and not _DEADLINE.match(text, match.end())


def _time(match: Match[str], now: datetime, resolve: Resolver) -> Optional[Time]:
    groups = match.groupdict()
    try:
        if (unit := groups.get("unit")) in _UNIT_MINUTES:
            return Time(*match.span(), _shifted(match, now, _UNIT_MINUTES[unit]))
        day, guessed = resolve(match, now.date())
        clock, unsure = _clock(match)
        return Time(*match.span(), datetime.combine(day, datetime.min.time(), SHANGHAI) + clock, guessed or unsure)
    except (ValueError, KeyError, OverflowError):
        return None  # 13月, 25点: not a time after all


def _shifted(match: Match[str], now: datetime, minutes: int) -> datetime:
    amount, sign = _amount(match["amount"]), -1 if match["side"].endswith("前") else 1
    return now + timedelta(minutes=sign * amount * minutes)


def _clock(match: Match[str]) -> Tuple[timedelta, bool]:
    """From midnight of the day; 半夜 is the midnight that ends it."""
    part, said = match["part"], match["hour"] or match["h"]
    if not said:
        return timedelta(hours=_PARTS[part] if part else 0), False
    hour = number(said)
    if hour > 24:
        raise ValueError(said)
    if part in _NIGHT and (hour == 12 or hour <= 5):
        hour += 12 if hour == 12 else 24
    elif (part in _EVENING and hour < 12) or (part == "中午" and hour < 4):
        hour += 12
    return timedelta(hours=hour, minutes=_minutes(match)), not part and hour <= 12 and not match["h"]


def _minutes(match: Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return 15 * number(match["quarter"])
    minute = number((match["m"] or match["minute"] or "0").lstrip("零").rstrip("分") or "0")
    if minute > 59:
        raise ValueError(minute)
    return minute


def _earliest_longest(times: List[Time]) -> List[Time]:
    kept: List[Time] = []
    for time in sorted(times, key=lambda t: (t.start, -t.end)):
        if not kept or time.start >= kept[-1].end:
            kept.append(time)
    return kept


def _ranges(text: str, times: List[Time]) -> List[Time]:
    """昨晚八点到十点 is one time, that of its start."""
    joined: List[Time] = []
    for time in times:
        if end := _RANGE_END.match(text, time.end):  # 八点到十点: the end alone says nothing
            time = replace(time, end=end.end())
        before = joined[-1] if joined else None
        if before and time.start < before.end:
            continue
        if before and _RANGE.fullmatch(text, before.end, time.start):
            joined[-1] = Time(before.start, time.end, before.value, before.ambiguous)
        else:
            joined.append(time)
    return joined
