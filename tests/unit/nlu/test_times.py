from datetime import date, datetime

# ruff: noqa: E501  # tables and patterns are read a line at a time
import pytest

from nlu.times import SHANGHAI, find_times
from nlu.workdays import holiday_days, is_workday


def at(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("said", "words", "value"),
    [
        ("昨晚十点半路口的红绿灯全黑了", "昨晚十点半", at(11, 22, 22, 30)),
        ("大前天下午三点多停的水", "大前天下午三点多", at(11, 20, 15)),
        ("昨天半夜两点还在打桩", "昨天半夜两点", at(11, 23, 2)),
        ("今晚12点截止", "今晚12点", at(11, 24)),
        ("昨天上午9:15来过", "昨天上午9:15", at(11, 22, 9, 15)),
        ("前天凌晨有人放炮", "前天凌晨", at(11, 21, 2)),
        ("上周三就报了", "上周三", at(11, 18)),
        ("下周五晚8点截止", "下周五晚8点", at(12, 4, 20)),
        ("上个月15号报的", "上个月15号", at(10, 15)),
        ("11月1日到5日停水", "11月1日到5日", at(11, 1)),
        ("昨晚八点到十点一直吵", "昨晚八点到十点", at(11, 22, 20)),
        ("投到6月1号", "6月1号", at(6, 1)),
        ("半小时前掉下来的", "半小时前", at(11, 23, 9, 30)),
        ("两天前修过", "两天前", at(11, 21)),
        ("国庆节后第一个工作日来", "国庆节后第一个工作日", at(10, 8)),
        ("月底前投完", "月底", at(11, 30)),
        ("2026年11月20日下午3点", "2026年11月20日下午3点", at(11, 20, 15)),
        ("期限12/3 21:00", "12/3 21:00", at(12, 3, 21)),
    ],
)
def test_times(monday, said, words, value):
    assert [(said[t.start : t.end], t.value) for t in find_times(said, monday)] == [(words, value)]


@pytest.mark.parametrize(
    "said",
    [
        "垃圾堆了好几天没人清", "每天晚上八点跳广场舞", "三天了", "有半年了", "KT20261123-0007", "电话13912345678", "3号楼", "锦绣里12号漏水",
        "纺织厂半夜十二点还在开织布机说是赶订单", "一点也不好", "13月40号", "周六开不开门啊请问你们办事的地方",
    ],
)  # fmt: skip
def test_durations_habits_and_numbers_are_no_times(monday, said):
    assert find_times(said, monday) == []


@pytest.mark.parametrize(("said", "guess"), [("周日截止", True), ("下周日截止", False), ("15号截止", True)])
def test_what_allows_another_reading_says_so(monday, said, guess):
    assert [t.ambiguous for t in find_times(said, monday)] == [guess]


def test_a_make_up_saturday_is_a_workday():
    assert is_workday(date(2026, 10, 10))
    assert not is_workday(date(2026, 10, 7))


def test_a_year_without_a_calendar_warns_and_counts_weekends_only(caplog):
    assert is_workday(date(2049, 10, 1))
    assert holiday_days("National Day", 2049)[0] == date(2049, 10, 1)
    assert "update chinesecalendar" in caplog.text
