import pytest
from cryptography.fernet import Fernet, InvalidToken

from community.db.cipher import Cipher


@pytest.mark.parametrize("values", [[], ["13800138000"], ["王芳", "😀", ""]])
def test_there_and_back(values: list[str]) -> None:
    cipher = Cipher(Fernet.generate_key().decode())
    assert cipher.decrypt(cipher.encrypt(values)) == values


def test_no_two_tokens_are_alike() -> None:
    cipher = Cipher(Fernet.generate_key().decode())
    assert cipher.encrypt(["13800138000"]) != cipher.encrypt(["13800138000"])


def test_another_key_opens_nothing() -> None:
    token = Cipher(Fernet.generate_key().decode()).encrypt(["13800138000"])
    with pytest.raises(InvalidToken):
        Cipher(Fernet.generate_key().decode()).decrypt(token)
