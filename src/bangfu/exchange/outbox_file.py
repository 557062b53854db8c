"""The file a phone exports of what it could not send: opened with the key of its writer on that device.

In: the file's bytes, and the keys that may fit. Out: whose it is and the items as they were written. Nothing is known
of tables here; an item that was changed on the way or belongs to another device does not open.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bangfu.engine.refusal import Refusal

LARGEST = 8 * 1024 * 1024


class NotAnOutbox(Refusal):
    sentence = "这不是手机上导出的待传文件。请在手机的“待传”页上点“存成文件”，再选那个文件。"


class OtherSchool(Refusal):
    sentence = "这个文件用这里的钥匙打不开，可能是别的学校导出的，或者传的时候坏了。手机上的内容还在。"


@dataclass(slots=True)
class Opened:
    """Whose file it is, from which device, its items; `broken` are the numbers of those that don't open."""

    staff: UUID
    device: UUID
    items: list[dict] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def read(content: bytes, keys: Callable[[UUID, UUID], Sequence[bytes]]) -> Opened:
    """This function will open a file with the first key that fits an item; raises NotAnOutbox, OtherSchool."""
    found, rows = _envelope(content)
    boxes = [AESGCM(key) for key in keys(found.staff, found.device)]
    for row in rows:
        item = next((item for box in boxes if (item := _open(box, row)) is not None), None)
        if item is None:
            found.broken.append(str(row.get("id", ""))[:40])
        else:
            found.items.append(item)
    if rows and not found.items:
        raise OtherSchool
    found.items.sort(key=lambda item: item["seq"] if isinstance(item.get("seq"), int) else 0)
    return found


def _envelope(content: bytes) -> tuple[Opened, list[dict]]:
    try:
        if len(content) > LARGEST:
            raise NotAnOutbox
        told = json.loads(content)
        if told["bangfu"] != "outbox" or told["version"] != 1:
            raise NotAnOutbox
        return Opened(UUID(told["staff"]), UUID(told["device"])), [dict(row) for row in told["items"]]
    except (ValueError, TypeError, KeyError, AttributeError) as broken:
        raise NotAnOutbox from broken


def _open(box: AESGCM, row: dict) -> dict | None:
    try:
        nonce, body = (base64.b64decode(row[name], validate=True) for name in ("iv", "box"))
        item = json.loads(box.decrypt(nonce, body, str(UUID(row["id"])).encode()))
    except (InvalidTag, ValueError, TypeError, KeyError, AttributeError):
        return None
    return item if isinstance(item, dict) and item.get("id") == row["id"] else None
