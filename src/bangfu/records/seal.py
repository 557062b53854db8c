"""Sealed columns: ID numbers, phones and addresses encrypted at rest, bound to table, column, row and key id.

In: plain text on a model instance. Out: an envelope `v1$key$base64` in the database and a `Sealed` value in Python
that prints as dots until somebody calls `reveal()`. A keyed hash beside the column (`blind`) allows exact search.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(Exception):
    """The envelope was changed, moved to another row, or its key is gone."""


class Envelope(str):
    """Text that is already sealed, as it stands in the database."""


@lru_cache(maxsize=16)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(cipher: str, key: bytes, text: bytes, bound_to: bytes) -> bytes:
    """This function will encrypt with aes or sm4 in GCM, the nonce first, bound to some bytes."""
    nonce = os.urandom(NONCE_BYTES)
    if cipher == "aes":
        return nonce + _aes(key).encrypt(nonce, text, bound_to)
    box = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    box.authenticate_additional_data(bound_to)
    return nonce + box.update(text) + box.finalize() + box.tag


def decrypt(cipher: str, key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """This function will open what `encrypt` gave; raises InvalidTag when key, bytes or binding differ."""
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    if cipher == "aes":
        return _aes(key).decrypt(nonce, body, bound_to)
    box = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[-TAG_BYTES:])).decryptor()
    box.authenticate_additional_data(bound_to)
    return box.update(body[:-TAG_BYTES]) + box.finalize()


def seal(text: str, bound_to: str) -> Envelope:
    """This function will seal `text` with the current key (`settings.SEAL_KEY`), bound to table.column.row."""
    key_id = settings.SEAL_KEY
    cipher, key = settings.SEAL_KEYS[key_id]
    body = encrypt(cipher, key, text.encode(), f"{key_id}|{bound_to}".encode())
    return Envelope(f"v1${key_id}${base64.b64encode(body).decode()}")


def unseal(envelope: str, bound_to: str) -> str:
    """This function will open an envelope; raises SealBroken when key, row or content do not belong together."""
    _, key_id, body = envelope.split("$", 2)
    try:
        cipher, key = settings.SEAL_KEYS[key_id]
        return decrypt(cipher, key, base64.b64decode(body), f"{key_id}|{bound_to}".encode()).decode()
    except (InvalidTag, KeyError, ValueError) as cause:
        raise SealBroken(f"cannot open {bound_to} with key {key_id}") from cause


def blind(value: str, purpose: str) -> str:
    """This function will give the keyed hash (32 hex digits) by which a sealed value can be searched exactly."""
    text = f"{purpose}\0{value.strip().upper()}".encode()
    return hmac.new(settings.BLIND_KEY, text, hashlib.sha256).hexdigest()[:32]


class Sealed:
    """A value that stays shut: str() gives dots, reveal() the text, tail(4) the last digits for a mask."""

    __slots__ = ("bound_to", "content")

    def __init__(self, content: str, bound_to: str):
        self.content = content
        self.bound_to = bound_to

    def __str__(self) -> str:
        return "••••"

    __repr__ = __str__

    def reveal(self) -> str:
        """This function will give the plain text. Callers log who looked."""
        if isinstance(self.content, Envelope):
            return unseal(self.content, self.bound_to)
        return self.content

    def envelope(self) -> Envelope:
        """This function will give the sealed form, sealing now if the value is still plain."""
        if isinstance(self.content, Envelope):
            return self.content
        return seal(self.content, self.bound_to)

    def masked(self, head: int = 3, tail: int = 4) -> str:
        """This function will give `139****6021`: the first and last digits with stars between."""
        text = self.reveal()
        if len(text) <= head + tail:
            return "*" * len(text)
        return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


class SealedAttribute(DeferredAttribute):
    """Wraps the raw column in `Sealed`, so that a template can't print it by accident."""

    def __get__(self, instance, cls=None):
        content = super().__get__(instance, cls)
        if instance is None or content is None:
            return content
        return Sealed(content, self.field.bound_to(instance))

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value.content if isinstance(value, Sealed) else value or None


class SealedText(models.TextField):
    """A text column sealed at rest. Only `isnull` can be looked up; exact search goes through a blind index."""

    descriptor_class = SealedAttribute

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def bound_to(self, instance) -> str:
        return f"{self.model._meta.db_table}.{self.column}.{instance.pk}"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Envelope(value)

    def to_python(self, value):
        return value

    def get_prep_value(self, value):
        if isinstance(value, Sealed):
            return str.__str__(value.envelope())
        if value is None or isinstance(value, Envelope):
            return value if value is None else str.__str__(value)
        raise TypeError(f"{self.name} is sealed row by row; assign it on an instance and save that")

    def pre_save(self, model_instance, add):
        sealed = getattr(model_instance, self.attname)
        if sealed is not None:
            model_instance.__dict__[self.attname] = sealed.envelope()
            return Sealed(model_instance.__dict__[self.attname], sealed.bound_to)
        return None

    def value_to_string(self, obj):
        sealed = self.value_from_object(obj)
        return None if sealed is None else str.__str__(sealed.envelope())

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is sealed and has no {lookup_name} lookup; use its blind index")
        return super().get_lookup(lookup_name)
