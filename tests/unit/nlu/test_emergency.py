import pytest

# ruff: noqa: E501  # tables and patterns are read a line at a time
from nlu.emergency import Emergencies, is_emergency


@pytest.fixture(scope="module")
def emergencies():
    return Emergencies.read()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("厨房一股臭鸡蛋味,头晕", "gas_leak"),
        ("隔壁老太太家门缝里飘出来煤气味", "gas_leak"),
        ("楼道里电瓶车在冒烟", "fire"),
        ("着火了!8号楼四楼", "fire"),
        ("电梯门打不开,我们三个在里面", "person_in_danger"),
        ("卡在两层当中出不来", "person_in_danger"),
        ("有人坐在楼顶边上,腿荡在外面", "person_in_danger"),
        ("他发消息说不想活了", "person_in_danger"),
        ("小孩掉河里了", "person_in_danger"),
        ("老伯倒在楼梯口,叫他没反应", "person_in_danger"),
        ("围墙倒了,砸到两个放学的小孩", "infrastructure_emergency"),
        ("大树倒了压住一辆轿车,司机在里面出不来", "infrastructure_emergency"),
    ],
)
def test_danger_now(emergencies, said, code):
    assert emergencies.sign(said) == code
    assert is_emergency(0.02, emergencies.sign(said), emergencies.is_calm(said))


@pytest.mark.parametrize(
    "said",
    [
        "气死我了", "救命啊这停车费", "吵得我想跳楼", "去年烧过一次,着火了没人管", "消防通道堵了,万一着火怎么办", "房价跳水", "群里炸锅了",
        "建议给独居老人装燃气报警器", "电梯又坏了没人在里面", "楼上吵死人了",
    ],
)  # fmt: skip
def test_exclamations_memories_and_fears_are_no_emergencies(emergencies, said):
    assert not is_emergency(0.05, emergencies.sign(said), emergencies.is_calm(said))


def test_a_certain_model_is_believed_even_against_calm_words():
    assert is_emergency(0.95, None, True)
    assert not is_emergency(0.2, None, False)
