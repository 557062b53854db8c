"""One thing from a phone and what became of it; a held one's words, written down as text to be sealed.

In and out of `flow/sync.py` (which takes them in) and `flow/sync_kinds.py` (what each kind means).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from uuid import UUID

from bangfu.engine.refusal import Refusal
from bangfu.flow.company import Company
from bangfu.flow.record import Entry


class NotArrived(Refusal):
    sentence = "要改的那条记录还没有传到。先留在这台设备上，等它传到以后再传一次。"


class NoSuchChild(Refusal):
    sentence = "没有找到这名学生。内容还在这台设备上，请导出交给学校看一看。"


class NotKnown(Refusal):
    sentence = "这一条没有看懂。内容还在这台设备上，请导出交给学校看一看。"


class OtherWords(Refusal):
    sentence = "这一条学校已经收到过，内容不一样。请打开那条记录，把要改的写进去。"


class TakenBack(Refusal):
    sentence = "这条记录已经撤销了，不再更改。需要的话另记一条。"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing from a phone. `entry` is what its sheet said (record, amend), already read; `fault` why it can't be."""

    id: UUID
    kind: str
    device: UUID
    body: dict
    seq: int = 0
    made_at: datetime | None = None
    entry: Entry | None = None
    fault: str = ""
    pupils: tuple[UUID, ...] = ()


@dataclass(slots=True)
class Result:
    """What became of an item. `reason` says why it is held; `evidence` is the record it became."""

    id: UUID
    state: str
    sentence: str = ""
    reason: str = ""
    evidence: UUID | None = None
    closes: list[str] = field(default_factory=list)


def held_words(entry: Entry, pupils: Sequence[UUID], before: Sequence[dict] = ()) -> str:
    """This function will write an entry and its children down as text, to be sealed until somebody decides.

    `before` are its earlier words, when its author changed it while it waited.
    """
    said = asdict(replace(entry, school_class=None))
    told = {"entry": said, "pupils": [str(pk) for pk in pupils], "before": list(before)}
    return json.dumps(told, ensure_ascii=False, default=str)


def read_words(text: str) -> tuple[Entry, list[UUID]]:
    """This function will read what was held back into an Entry and the ids of its children."""
    told = json.loads(text)
    said = told["entry"]
    said |= {"id": UUID(said["id"]), "happened_on": date.fromisoformat(said["happened_on"])}
    said["activities"] = tuple(said["activities"])
    if said["happened_at"]:
        said["happened_at"] = time.fromisoformat(said["happened_at"])
    if said["written_at"]:
        said["written_at"] = datetime.fromisoformat(said["written_at"])
    if said["company"]:
        with_whom = said["company"]
        if with_whom["staff_id"]:
            with_whom["staff_id"] = UUID(with_whom["staff_id"])
        said["company"] = Company(**with_whom)
    return Entry(**said), [UUID(pk) for pk in told["pupils"]]
