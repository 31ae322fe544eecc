"""A poll launched in free words: its question, its options and when it closes."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import List, Optional

from nlu.times import Time

_LAUNCH = re.compile(
    r"^.{0,12}?(?:发起|发|开|搞|做|建|弄|来|拉|新建|创建|设置|征集|开始|准备)?(?:一?个|一下|一张|一场)?(?:匿名|单选|多选|线上|民意|接龙)?的?(?:投票|表决|选票)(?:呗|吧|发起)?[:,，：\s]*"
)
_QUESTION = re.compile(r"(?:题目|主题|问题|议题)(?:是|为|就)?[:：]?\s*(?P<question>[^。;；,，]+)")
_OPTIONS = re.compile(r"(?:选项|候选人|可选)(?:有|是|就|为)?[:：]?\s*(?P<options>[^。;；]+)")
_SLASHED = re.compile(r"(?P<options>[^\s,，。;；?？:：/|]{1,12}(?:[/|、][^\s,，。;；?？:：/|]{1,12}){1,9})")
_LETTERED = re.compile(r"(?<![A-Za-z])[A-J][.、:：]?\s*([^A-J,，。;；\s]{1,12})")
_USUAL = re.compile(r"(?:不同意|同意|赞成|反对|不赞成|弃权|愿意|不愿意|支持|不支持)(?=$|[\s,，、/。;；])")
_OR = re.compile(r"(?P<one>[^\s,，。?？]{1,10}?)还是(?P<other>[^\s,，。?？的好啊呢]{1,10})")
_CUT = re.compile(r"[、/|,，]|\s+|或者|和(?=[^、]*$)")
_MARKS = " ,，。;；:：?？!！、"


@dataclass(frozen=True)
class Poll:
    question: Optional[str]
    options: List[str]
    deadline: Optional[datetime]


def find_poll(text: str, times: List[Time]) -> Poll:
    """What was said of it; what was not is None or empty, and is asked for later."""
    deadline = times[-1] if times else None
    said = text[: deadline.start] + " " + text[deadline.end :] if deadline else text
    said = re.sub(r"(?:投到|截止(?:到|时间)?|结束|关闭|投完|前投?|为止|时间)[:：]?\s*(?=$|[。;；,，\s])", " ", said)
    return Poll(_question(said), _options(said), deadline.value if deadline else None)


def _options(text: str) -> List[str]:
    if match := _OPTIONS.search(text):
        return _cut(match["options"])
    if len(usual := _USUAL.findall(text)) > 1:
        return usual
    if len(lettered := _LETTERED.findall(text)) > 1:
        return lettered
    if match := _SLASHED.search(text):
        return _cut(match["options"])
    return [match["one"], match["other"]] if (match := _OR.search(text)) else []


def _cut(options: str) -> List[str]:
    return [option for part in _CUT.split(options) if (option := part.strip(_MARKS))]


def _question(text: str) -> Optional[str]:
    if match := _QUESTION.search(text):
        return match["question"].strip(_MARKS) or None
    rest = _LAUNCH.sub("", text)
    first = re.split(r"[?？。;；]|选项", rest)[0]
    return re.split(r"[,，](?=[^,，]*(?:[、/]|同意|赞成))", first)[0].strip(_MARKS) or None
