import jieba
import pytest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("桂花苑要加装电梯", ["桂花苑", "要", "加装电梯"]),
        ("垃圾厢房旁边飞线充电", ["垃圾厢房", "旁边", "飞线充电"]),
        ("长护险怎么申请", ["长护险", "怎么", "申请"]),
        ("楼组长反映高空抛物", ["楼组长", "反映", "高空抛物"]),
    ],
)
def test_words(segmenter, text, words):
    assert segmenter.words(text) == words


def test_the_global_jieba_stays_untouched(segmenter):
    assert not jieba.dt.initialized
