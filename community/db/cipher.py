"""Contact details at rest: Fernet (AES-128-CBC with HMAC-SHA256), key in KETANG_SECRET_KEY."""

import json

from cryptography.fernet import Fernet


class Cipher:
    def __init__(self, key: str) -> None:
        self._fernet = Fernet(key)

    def encrypt(self, values: list[str]) -> str:
        """An empty list stays empty text, so that most rows cost nothing."""
        return self._fernet.encrypt(json.dumps(values).encode()).decode() if values else ""

    def decrypt(self, token: str) -> list[str]:
        if not token:
            return []
        values: list[str] = json.loads(self._fernet.decrypt(token.encode()))
        return values
