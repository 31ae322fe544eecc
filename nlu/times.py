"""When things were said to happen: exact words, and the moment in Shanghai they mean, reckoned from `now`."""

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Callable, Dict, List, Optional, Tuple
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Moment:
    """`ambiguous`: the words allow another reading, such as 八点 without morning or evening."""

    start: int
    end: int
    value: datetime
    ambiguous: bool = False


_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "日": 0, "天": 0}
_N = r"(?:\d{1,4}|[零〇一二三四五六七八九十百两]{1,4})"
_PARTS_OF_DAY: Dict[str, int] = {  # the hour a part of the day means by itself
    "凌晨": 2, "清晨": 6, "清早": 6, "大清早": 6, "一大早": 7, "一早": 7, "早晨": 8, "早上": 8, "早": 8, "上午": 9, "中午": 12,
    "正午": 12, "下午": 15, "午后": 14, "傍晚": 18, "晚上": 20, "夜里": 22, "夜晚": 20, "深夜": 23, "半夜": 24, "晚": 20, "夜": 22, "午夜": 24,
}  # fmt: skip
_DAYS = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨": -1, "今天": 0, "今日": 0, "今儿": 0, "今": 0, "当天": 0, "明天": 1,
    "明日": 1, "明儿": 1, "明": 1, "后天": 2, "大后天": 3, "前": -2, "后": 2,
}  # fmt: skip
_WEEKS = {"上上": -2, "上个": -1, "上": -1, "这个": 0, "这": 0, "本": 0, "下下": 2, "下个": 1, "下": 1}
_HOLIDAYS = {  # how people call them -> the calendar's name
    "元旦": "New Year's Day", "春节": "Spring Festival", "过年": "Spring Festival", "清明节": "Tomb-sweeping Day", "清明": "Tomb-sweeping Day",
    "五一节": "Labour Day", "五一": "Labour Day", "劳动节": "Labour Day", "端午节": "Dragon Boat Festival", "端午": "Dragon Boat Festival", "国庆节": "National Day",
    "国庆": "National Day", "十一长假": "National Day", "中秋节": "Mid-autumn Festival", "中秋": "Mid-autumn Festival",
}  # fmt: skip
_FIXED_DAYS = {"Labour Day": (5, 1), "National Day": (10, 1), "New Year's Day": (1, 1)}


def _names(table: Dict[str, int]) -> str:
    return "|".join(sorted(table, key=len, reverse=True))


_PART = rf"(?P<part>{_names(_PARTS_OF_DAY)})"
_CLOCK = (
    rf"(?P<hour>{_N})(?:点钟?|时(?!间|候|常|不|刻|装|段|限|代|隔)|:(?=\d\d)|：(?=\d\d))"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>(?<=[:：])\d\d|(?:零|过)?{_N}(?:分(?!之|钟一)|(?=[^个家户点次人天楼号条米块年月万千斤秒\d]|$)))|整)?(?:左右|多|出头|钟)?"
)
_TAIL = rf"(?:的?{_PART})?(?:大概|差不多|大约)?(?:{_CLOCK})?"
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_MONTHS = {"上上个月": -2, "上个月": -1, "上月": -1, "这个月": 0, "本月": 0, "当月": 0, "下个月": 1, "下月": 1, "下下个月": 2}
