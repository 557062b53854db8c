"""One field changed in two places: what nobody else touched stands, what met is kept twice until a person chooses."""

from dataclasses import replace
from uuid import uuid4

import pytest

from bangfu.engine.merging import Answer
from bangfu.flow import merge, sync
from bangfu.flow.merge import Wish
from bangfu.flow.sync_item import Item
from bangfu.records.models import Event, FieldConflict, Guardian, Pupil
from bangfu.records.seal import blind


@pytest.fixture
def guardian(cast):
    return Guardian.objects.get(pupil=cast.pupils[0])


def wish(guardian, value, *, device=None, seq=1, field="phone", base=None) -> Wish:
    base = merge.version_of(guardian, field) if base is None else base
    return Wish(guardian.pupil, field, base, value, guardian, device, seq)


def phone(guardian) -> str:
    return Guardian.objects.get(pk=guardian.pk).phone.reveal()


def test_different_fields_changed_in_different_places_all_stand(cast, guardian):
    one, two = (
        wish(guardian, "13900000001", device=uuid4()),
        wish(guardian, "外婆", device=uuid4(), field="relation"),
    )
    here = replace(
        one,
        guardian=None,
        field="address",
        value="石坎村3组",
        base=merge.version_of(cast.pupils[0], "address"),
    )
    answers = [merge.change(wish=one, by=cast.viewer(who)) for one, who in
               ((one, cast.homeroom), (two, cast.attached), (here, cast.principal))]  # fmt: skip
    assert answers == [Answer.take] * 3 and not FieldConflict.objects.exists()
    fresh = Guardian.objects.get(pk=guardian.pk)
    assert (fresh.phone.reveal(), fresh.relation) == ("13900000001", "外婆")
    assert fresh.phone_index == blind("13900000001", "guardian_phone")
    assert Pupil.objects.get(pk=cast.pupils[0].pk).address.reveal() == "石坎村3组"


def test_the_same_field_changed_in_two_places_keeps_both_and_says_whose_until_somebody_chooses(
    cast, guardian
):
    first, second = (
        wish(guardian, "13900000021", device=uuid4()),
        wish(guardian, "13900000086", device=uuid4()),
    )
    assert merge.change(wish=first, by=cast.viewer(cast.homeroom)) is Answer.take
    assert merge.change(wish=second, by=cast.viewer(cast.attached)) is Answer.conflict
    assert phone(guardian) == "13900000021"
    one = merge.conflicts(cast.viewer(cast.homeroom))[0]
    assert (one.value.reveal(), one.by, merge.last_writer(one)[0]) == ("13900000086", cast.attached, "李秋月")
    assert not merge.conflicts(cast.viewer(cast.neighbour))
    with pytest.raises(merge.NotYourChild):
        merge.choose(conflict=one, chosen="sent", by=cast.viewer(cast.neighbour))
    merge.choose(conflict=one, chosen="sent", by=cast.viewer(cast.homeroom))
    assert phone(guardian) == "13900000086" and not merge.conflicts(cast.viewer(cast.homeroom))
    with pytest.raises(merge.AlreadyChosen):
        merge.choose(conflict=one, chosen="standing", by=cast.viewer(cast.homeroom))
    logged = str(list(Event.objects.filter(verb__startswith="profile.").values_list("changes", flat=True)))
    assert "1390000" not in logged


def test_one_device_corrects_itself_in_whatever_order_its_words_arrive(cast, guardian):
    device, by = uuid4(), cast.viewer(cast.homeroom)
    base = merge.version_of(guardian, "phone")
    words = [wish(guardian, f"1390000000{seq}", device=device, seq=seq, base=base) for seq in (1, 2, 3)]
    answers = [merge.change(wish=words[at], by=by) for at in (0, 2, 1, 2)]
    assert answers == [Answer.take, Answer.take, Answer.past, Answer.past]
    assert phone(guardian) == "13900000003" and not FieldConflict.objects.exists()


def test_a_device_goes_on_with_its_own_value_that_waits_as_one_conflict(cast, guardian):
    device, base = uuid4(), merge.version_of(guardian, "phone")
    merge.change(wish=wish(guardian, "13900000001"), by=cast.viewer(cast.homeroom))
    by = cast.viewer(cast.attached)
    for seq, number in ((1, "13900000002"), (2, "13900000003")):
        merge.change(wish=wish(guardian, number, device=device, seq=seq, base=base), by=by)
    assert FieldConflict.objects.get().value.reveal() == "13900000003"


def test_the_same_value_from_two_places_and_one_an_import_brought_are_no_conflict(cast, guardian):
    base = merge.version_of(guardian, "phone")
    guardian.phone = "13900000009"  # a roll was loaded meanwhile
    guardian.save()
    by = cast.viewer(cast.homeroom)
    assert merge.change(wish=wish(guardian, "13900000009", device=uuid4(), base=base), by=by) is Answer.same
    assert (
        merge.change(wish=wish(guardian, "13900000008", device=uuid4(), base=base), by=by) is Answer.conflict
    )


@pytest.mark.parametrize("value", ["打不通", "1" * 21])
def test_what_is_no_number_is_refused_in_a_sentence(cast, guardian, value):
    with pytest.raises((merge.NotReadable, merge.TooLong)):
        merge.change(wish=wish(guardian, value), by=cast.viewer(cast.homeroom))


def test_who_no_longer_looks_after_the_child_is_kept_beside_what_stands(cast, guardian):
    body = {"guardian": str(guardian.pk), "field": "phone", "base": merge.version_of(guardian, "phone")}
    item = Item(uuid4(), "profile", uuid4(), body | {"value": "13900000005"}, 1)
    result = sync.take(items=[item], by=cast.viewer(cast.neighbour))[0]
    assert (result.state, result.reason) == ("review", "not_yours")
    assert phone(guardian) == "10098765432"
    merge.choose(conflict=FieldConflict.objects.get(), chosen="sent", by=cast.viewer(cast.homeroom))
    assert phone(guardian) == "13900000005"
    assert sync.take(items=[item], by=cast.viewer(cast.neighbour))[0].state == "known"
    guess = Item(uuid4(), "profile", uuid4(), body | {"value": "13900000005"}, 1)  # as it stands now
    told = sync.take(items=[guess], by=cast.viewer(cast.neighbour))[0]
    assert (told.state, told.reason) == ("review", "not_yours"), "a number is not learnt by guessing it"
