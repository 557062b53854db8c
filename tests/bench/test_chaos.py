"""The judge of the chaos bench sees what it must see: each way of losing or doubling, made by hand, is counted."""

import random

import pytest

from bangfu.bench import chaos
from bangfu.bench.chaos import Meant
from bangfu.bench.chaos_phone import Killed, Phone


class Silent:
    """A network that swallows everything."""

    def post(self, batch):
        raise OSError


def judged(meant: Meant, *, records=(), held=(), withdrawn=(), fields=(), conflicts=()) -> dict:
    """The bench's own judge before books made by hand; of a field "f" it knows guardian "g" and name "phone"."""
    books = {
        "records": [(pk, amends, note, False, "li") for pk, amends, note in records],
        "held": dict(held),
        "withdrawn": list(withdrawn),
        "fields": {"g": {"phone": dict(fields).get("f", "")}},
        "conflicts": [("g", "phone", value, "device") for value in conflicts],
    }
    if meant.fields:
        meant.fields = {("g", "phone"): meant.fields["f"]}
    return {name: n for name, n in chaos.judged([meant], books).items() if n}


def meant(**more) -> Meant:
    return Meant(versions={"1": ["甲"]}, authors={"1": "li"}, **more)


@pytest.mark.parametrize(
    ("what", "books", "count"),
    [
        (meant(), {"records": [("1", "", "甲")]}, {}),
        (meant(), {}, {"lost": 1}),
        (meant(), {"records": [("1", "", "甲"), ("2", "", "甲")]}, {"doubled": 1}),
        (meant(), {"records": [("1", "", "甲 ")]}, {"letters": 1}),
        (meant(gone={"1"}), {"records": [("1", "", "甲")]}, {"doubled": 1}),
        (meant(withdrawn={"1"}), {"records": [("1", "", "甲")]}, {"order": 1}),
        (meant(elsewhere={"1"}), {"held": [("1", "甲")]}, {}),
        (meant(elsewhere={"1"}), {}, {"lost": 1}),
        (Meant({"1": ["甲", "乙"]}, {"1": "li"}), {"records": [("1", "", "甲")]}, {"lost": 1}),
        (Meant(fields={"f": {"a": "1", "b": "2"}}), {"fields": [("f", "1")], "conflicts": ["2"]}, {}),
        (Meant(fields={"f": {"a": "1", "b": "2"}}), {"fields": [("f", "1")]}, {"missed": 1}),
        (Meant(fields={"f": {"a": "1"}}), {"fields": [("f", "")]}, {"unmerged": 1}),
        (Meant(fields={"f": {"a": "1"}}), {"fields": [("f", "1")], "conflicts": ["2"]}, {"alarms": 1}),
        (Meant(), {"conflicts": ["2"]}, {"alarms": 1}),
        (Meant(left=2), {}, {"left": 2}),
    ],
)
def test_every_way_of_going_wrong_is_counted(what, books, count):
    assert judged(what, **books) == count


def test_a_phone_that_dies_anywhere_keeps_what_was_typed():
    for seed in range(200):
        phone = Phone({"staff": "li"}, Silent(), random.Random(seed))
        phone.type("record", {"note": "甲"}, "1")
        for _ in range(30):
            try:
                if "1" in phone.disk.drafts:
                    phone.save("1")
                phone.flush()
            except Killed:
                continue
        assert [row["body"] for row in phone.disk.rows.values()] == [{"note": "甲"}]
        assert not phone.disk.drafts and phone.disk.seq == 1
