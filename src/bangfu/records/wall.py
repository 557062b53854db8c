"""The counsellor's wall: every text has a key of its own, and that key is wrapped for one counsellor of one school.

In: plain text and a wall. Out: the shut text and its lock. The walls' keys come from CARE_KEYS, never from SEAL_KEYS:
whoever is somebody else opens nothing, even holding the row. A text without its lock is gone for good.
"""

import base64
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from bangfu.records.seal import SealBroken, decrypt, encrypt

SIZES = {"aes": 32, "sm4": 16}


@dataclass(frozen=True, slots=True)
class Wall:
    """Whose wall: a school and one of its counsellors; without one, the box into which referrals fall."""

    school_id: UUID
    staff_id: UUID | None = None

    @classmethod
    def of(cls, viewer) -> "Wall":
        """This function will give the viewer's own wall, whoever that is."""
        return cls(viewer.school_id, viewer.staff.pk)

    def key(self, key_id: str) -> tuple[str, bytes]:
        """This function will give cipher and key of this wall; raises KeyError when CARE_KEYS has lost it."""
        cipher, secret = settings.CARE_KEYS[key_id]
        told = f"bangfu care|{self.school_id}|{self.staff_id or 'box'}".encode()
        return cipher, HKDF(SHA256(), SIZES[cipher], None, told).derive(secret)


def shut(text: str, *, wall: Wall, bound_to: str) -> tuple[str, str]:
    """This function will give (shut text, lock), both bound to a row."""
    cipher, _ = settings.CARE_KEYS[settings.CARE_KEY]
    inner = os.urandom(SIZES[cipher])
    body = encrypt(cipher, inner, text.encode(), bound_to.encode())
    return f"n1${cipher}${base64.b64encode(body).decode()}", _wrap(inner, wall, bound_to)


def read(content: str, lock: str, *, wall: Wall, bound_to: str) -> str:
    """This function will open a text; raises SealBroken for another wall, another row or a lost key."""
    try:
        _, cipher, body = content.split("$", 2)
        inner = _unwrap(lock, wall, bound_to)
        return decrypt(cipher, inner, base64.b64decode(body), bound_to.encode()).decode()
    except (InvalidTag, KeyError, ValueError) as cause:
        raise SealBroken(f"cannot open {bound_to} at this wall") from cause


def pass_on(lock: str, *, old: Wall, new: Wall, bound_to: str) -> str:
    """This function will give the lock for another wall; the text itself stays as it is. Raises SealBroken."""
    try:
        return _wrap(_unwrap(lock, old, bound_to), new, bound_to)
    except (InvalidTag, KeyError, ValueError) as cause:
        raise SealBroken(f"cannot pass on {bound_to}") from cause


def _wrap(inner: bytes, wall: Wall, bound_to: str) -> str:
    key_id = settings.CARE_KEY
    cipher, key = wall.key(key_id)
    return f"w1${key_id}${base64.b64encode(encrypt(cipher, key, inner, _told(key_id, bound_to))).decode()}"


def _unwrap(lock: str, wall: Wall, bound_to: str) -> bytes:
    _, key_id, body = lock.split("$", 2)
    cipher, key = wall.key(key_id)
    return decrypt(cipher, key, base64.b64decode(body), _told(key_id, bound_to))


def _told(key_id: str, bound_to: str) -> bytes:
    return f"lock|{key_id}|{bound_to}".encode()
