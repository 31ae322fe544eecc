import numpy as np

from nlu.contacts import find_contacts
from nlu.issues import clauses, find_issues
from nlu.polls import find_poll
from nlu.times import find_times


def test_contacts_are_found_where_they_stand():
    text = "电话138 1234 5678,身份证31011519600101123X,邮箱a.b@c.cn,单号KT20261123-0007"
    assert [(text[c.start : c.end], c.kind) for c in find_contacts(text)] == [
        ("138 1234 5678", "phone"),
        ("31011519600101123X", "identity"),
        ("a.b@c.cn", "email"),
    ]


CODES = ("street_light", "waste_overflow", "other")


def issues_of(text, chances):
    """`chances`: a part of a clause -> of each code; where none is said, no code is likely."""
    votes = [next((c for part, c in chances.items() if part in text[a:b]), (0.3, 0.3, 0.4)) for a, b in clauses(text)]
    (found,) = find_issues([text], CODES, lambda said: np.array(votes))
    return [(text[a:b], code) for (a, b), (code, _) in found]


LIGHT, WASTE = (0.98, 0.01, 0.01), (0.01, 0.98, 0.01)


def test_two_subjects_are_two_issues_and_a_doubtful_clause_joins_the_one_before():
    found = issues_of("楼道灯坏了,晚上下楼害怕,垃圾桶满出来了", {"灯": LIGHT, "垃圾": WASTE})
    assert found == [("楼道灯坏了,晚上下楼害怕,", "street_light"), ("垃圾桶满出来了", "waste_overflow")]


def test_a_beginning_about_nothing_belongs_to_the_first_issue():
    found = issues_of(
        "说两件小事:一是路灯不亮,二是垃圾桶满了", {"两件": (0.02, 0.02, 0.96), "灯": LIGHT, "垃圾": WASTE}
    )
    assert found == [("说两件小事:一是路灯不亮,", "street_light"), ("二是垃圾桶满了", "waste_overflow")]


def test_who_counts_need_not_be_as_clear_as_who_only_goes_on():
    unclear = {"灯": LIGHT, "垃圾": (0.2, 0.7, 0.1)}
    assert issues_of("楼道灯坏了,垃圾桶满出来了", unclear) == []
    assert len(issues_of("楼道灯坏了,还有垃圾桶满出来了", unclear)) == 2


def test_one_subject_at_length_is_no_list():
    assert issues_of("楼道灯坏了。报修半个月。楼道灯还不亮", {"灯": LIGHT}) == []


def test_a_message_is_cut_where_the_speaker_adds():
    text = "楼道灯坏了半个月。另外小区门口垃圾桶满出来了"
    assert [text[a:b] for a, b in clauses(text)] == ["楼道灯坏了半个月。", "另外小区门口垃圾桶满出来了"]


def test_poll_parts(monday):
    text = "发起投票:3号楼要不要加装电梯?同意、不同意、弃权,下周五晚8点截止"
    poll = find_poll(text, find_times(text, monday))
    assert (poll.question, poll.options) == ("3号楼要不要加装电梯", ["同意", "不同意", "弃权"])
    assert poll.deadline is not None
    assert poll.deadline.isoformat() == "2026-12-04T20:00:00+08:00"


def test_a_vague_poll_has_nothing_yet(monday):
    poll = find_poll("我想在群里搞个投票", find_times("我想在群里搞个投票", monday))
    assert (poll.options, poll.deadline) == ([], None)
