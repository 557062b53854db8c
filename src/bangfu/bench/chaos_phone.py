"""A twin of the outbox in the browser (static/bangfu/outbox.js), step for step, which may be killed between any two.

What IndexedDB keeps is kept in `Disk`, one transaction at a time; everything else is gone with the page.
"""

import copy
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from bangfu.bench.chaos_server import Network

BATCH = 4  # the browser sends up to 200; few at a time make more to go wrong


class Killed(Exception):
    """The page or the phone died here."""


@dataclass
class Disk:
    """What survives: the items, the drafts, the running number."""

    rows: dict[str, dict] = field(default_factory=dict)
    drafts: dict[str, dict] = field(default_factory=dict)
    seq: int = 0


class Phone:
    """One device of one person. `words` are what the person meant, by record; the bench compares them at the end."""

    def __init__(self, person: dict, network: Network, chance: random.Random) -> None:
        self.person, self.network, self.chance = person, network, chance
        self.device, self.disk = str(uuid4()), Disk()
        self.calm, self.deaths = False, 0
        self.written: set[str] = set()  # what its owner remembers to have written on it

    def step(self) -> None:
        """This function will be passed between two steps; here a page may die."""
        if not self.calm and self.chance.random() < 0.04:
            self.deaths += 1
            raise Killed

    def turn(self, work: Callable[[Disk], object]) -> object:
        """This function will run one transaction: all of it is on disk, or nothing."""
        self.step()
        fresh = copy.deepcopy(self.disk)
        found = work(fresh)
        self.step()
        self.disk = fresh
        self.step()
        return found

    def write(self, kind: str, body: dict, pk: str) -> str:
        """This function will type and save; whoever finds the draft again after a death saves once more. Gives the id."""
        self.type(kind, body, pk)
        while pk in self.disk.drafts:
            with suppress(Killed):
                self.save(pk)
        return pk

    def type(self, kind: str, body: dict, pk: str) -> None:
        """This function will keep what is being typed, at every input."""
        self.disk.drafts[pk] = {"kind": kind, "body": body}

    def save(self, pk: str) -> None:
        """This function will put a draft into the outbox in one transaction; then nothing is a draft any more."""

        def put(disk: Disk) -> None:
            draft = disk.drafts.pop(pk)
            disk.seq += 1
            disk.rows[pk] = {
                "id": pk,
                "seq": disk.seq,
                "state": "waiting",
                "tries": 0,
                "sentence": "",
                **draft,
            }

        self.turn(put)

    def holds(self, pk: str) -> bool:
        """This function will say whether an item still lies here."""
        return pk in self.disk.rows

    def states(self) -> list[str]:
        """This function will give how each item stands that lies here; "" where nothing says why."""
        rows = self.disk.rows.values()
        return [row["state"] if row["state"] == "waiting" or row["sentence"] else "" for row in rows]

    def never_went(self, pk: str) -> bool:
        """This function will say whether an item still lies here and was never sent."""
        row = self.disk.rows.get(pk)
        return row is not None and row["tries"] == 0 and row["state"] == "waiting"

    def undo(self, pk: str) -> bool:
        """This function will take an item back if it never went out; else False, and a withdrawal is to be written."""

        def drop(disk: Disk) -> bool:
            never = self.never_went(pk)
            if never:
                del disk.rows[pk]
            return never

        return bool(self.turn(drop))

    def flush(self) -> None:
        """This function will send all that waits, oldest first, and settle what is answered."""
        found: set[str] = set()
        while rows := self._waiting(found)[:BATCH]:
            if not self._send(rows, found):
                return

    def _waiting(self, found: set[str]) -> list[dict]:
        rows = [
            row for row in self.disk.rows.values() if row["state"] == "waiting" and row["id"] not in found
        ]
        return sorted(rows, key=lambda row: row["seq"])

    def _send(self, rows: list[dict], found: set[str]) -> bool:
        def going(disk: Disk) -> None:
            for row in rows:
                disk.rows[row["id"]]["tries"] += 1

        self.turn(going)
        items = [
            {
                "id": row["id"], "kind": row["kind"], "seq": row["seq"], "author": self.person["staff"],
                "made_at": None, "body": row["body"],
            }
            for row in rows
        ]  # fmt: skip
        try:
            status, answer = self.network.post({"device": self.device, "items": items})
        except OSError:
            return False
        self.step()
        if status != 200:  # noqa: PLR2004
            return False

        def settle(disk: Disk) -> None:
            for one in answer["results"]:
                if one["state"] in ("stored", "known"):
                    disk.rows.pop(one["id"], None)
                elif one["id"] in disk.rows:
                    disk.rows[one["id"]] |= {"state": one["state"], "sentence": one["sentence"]}

        self.turn(settle)
        found.update(row["id"] for row in rows)
        return True

    def retry(self) -> None:
        """This function will do what a person does with refused items: press "again"."""
        for row in self.disk.rows.values():
            if row["state"] == "refused":
                row["state"] = "waiting"
