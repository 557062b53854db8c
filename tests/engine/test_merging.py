"""Late changes of one field against an oracle that remembers who had seen what; devices in every order."""

import random

import pytest

from bangfu.engine.merging import Answer, Change, Told, merge


@pytest.mark.parametrize(
    ("change", "stands", "told", "answer"),
    [
        (Change("a", "b", "one", 1), "a", Told(), Answer.take),
        (Change("a", "b", "one", 1), "b", Told(), Answer.same),
        (Change("a", "b", "one", 1), "c", Told(), Answer.conflict),
        (Change("a", "c", "one", 2), "b", Told(1, "a", "b"), Answer.take),  # one's own chain
        (Change("a", "b", "one", 1), "c", Told(2, "a", "c"), Answer.past),  # the later one came first
        (Change("a", "d", "one", 2), "c", Told(1, "a", "b", waits=True), Answer.follow),
        (
            Change("c", "d", "one", 2),
            "b",
            Told(1, "a", "b"),
            Answer.conflict,
        ),  # it looked since, somebody went back
        (Change("", "b", None, 0), "", Told(), Answer.take),
        (Change("a", "b", None, 0), "c", Told(), Answer.conflict),  # a page that stood open
    ],
)
def test_what_becomes_of_a_late_change(change, stands, told, answer):
    assert merge(change, stands, told) is answer


def test_against_an_oracle_every_conflict_is_found_and_none_is_invented():
    chance, met = random.Random(7), dict.fromkeys(Answer, 0)
    for _run in range(2000):
        stands, told = "v0", {}
        seen = {one: {"v0"} for one in "xyz"}  # the values a device has before its eyes
        shown = dict.fromkeys("xyz", "v0")
        for seq in range(1, 12):
            device = chance.choice("xyz")
            if chance.random() < 0.3:  # it was in the network and read what stands
                shown[device] = stands
                seen[device] = {stands}
                continue
            value = stands if chance.random() < 0.2 else f"v{seq}"  # the same word by chance, or a new one
            change = Change(shown[device], value, device, seq)
            answer = merge(change, stands, told.get(device, Told()))
            knows = stands in seen[device]
            expected = "same" if change.value == stands else "stands" if knows else "waits"
            got = {"take": "stands", "same": "same", "conflict": "waits", "follow": "waits"}[answer]
            assert got == expected
            met[answer] += 1
            waits = answer in (Answer.conflict, Answer.follow)
            told[device] = Told(seq, change.base, change.value, waits)
            seen[device] = {shown[device], change.value}
            if not waits:
                stands = change.value
    assert all(met[answer] for answer in (Answer.take, Answer.same, Answer.conflict, Answer.follow))
