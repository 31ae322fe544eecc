from nlu.contacts import find_contacts
from nlu.issues import clauses, distinct
from nlu.polls import find_poll
from nlu.times import find_times


def test_contacts_are_found_where_they_stand():
    text = "电话138 1234 5678,身份证31011519600101123X,邮箱a.b@c.cn,单号KT20261123-0007"
    assert [(text[c.start : c.end], c.kind) for c in find_contacts(text)] == [
        ("138 1234 5678", "phone"),
        ("31011519600101123X", "identity"),
        ("a.b@c.cn", "email"),
    ]


def test_two_subjects_are_two_issues_and_a_doubtful_clause_joins_the_one_before():
    parts = [(0, 10), (10, 20), (20, 30)]
    guesses = [("street_light", 0.9), ("other", 0.2), ("waste_overflow", 0.8)]
    assert distinct(parts, guesses) == [((0, 20), ("street_light", 0.9)), ((20, 30), ("waste_overflow", 0.8))]


def test_one_subject_at_length_is_no_list():
    assert distinct([(0, 9), (9, 20)], [("street_light", 0.9), ("street_light", 0.9)]) == []


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
