"""What PostgreSQL keeps of a password, made here, so that the password itself stays here."""

import base64
import hashlib
import hmac
import os
import stringprep
import unicodedata

_ITERATIONS = 4096
_SALT_BYTES = 16


def scram_verifier(password: str) -> str:
    """Return a verifier for SCRAM-SHA-256 as `CREATE ROLE ... PASSWORD` takes it (RFC 5803)."""
    salt = os.urandom(_SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", _prepared(password).encode(), salt, _ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${_ITERATIONS}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _prepared(password: str) -> str:
    """SASLprep as clients do it; a password that it forbids is used as it is."""
    kept = "".join(
        " " if stringprep.in_table_c12(character) else character
        for character in password
        if not stringprep.in_table_b1(character)
    )
    return unicodedata.normalize("NFKC", kept)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
