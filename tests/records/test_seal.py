"""Sealed columns: shut by default, bound to their row, searchable only by a keyed hash."""

import os
from datetime import date

import pytest
from django.db import connection

from bangfu.records.models import Pupil, School
from bangfu.records.seal import SealBroken, blind

NUMBER = "522321201403071233"


def _pupil(**more) -> Pupil:
    school = School.objects.create(name="石坎镇中心小学")
    return Pupil.objects.create(school=school, name="陈小满", joined_on=date(2024, 9, 1), **more)


def _stored(pupil: Pupil) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select id_number from records_pupil where id = %s", [_key(pupil)])
        return cursor.fetchone()[0]


def _key(pupil: Pupil):
    return pupil.pk.hex if connection.vendor == "sqlite" else pupil.pk


def test_the_database_never_holds_the_number_and_printing_shows_dots(db):
    pupil = Pupil.objects.get(pk=_pupil(id_number=NUMBER).pk)
    assert NUMBER[:6] not in _stored(pupil)
    assert str(pupil.id_number) == "••••"
    assert repr(pupil.id_number) == "••••"
    assert pupil.id_number.reveal() == NUMBER
    assert pupil.id_number.masked(4, 4) == "5223**********1233"


def test_saving_something_else_keeps_the_number(db):
    pupil = Pupil.objects.get(pk=_pupil(id_number=NUMBER).pk)
    pupil.name = "陈小滿"
    pupil.save()
    assert Pupil.objects.get(pk=pupil.pk).id_number.reveal() == NUMBER


def test_an_envelope_moved_to_another_row_does_not_open(db):
    first = _pupil(id_number=NUMBER)
    second = Pupil.objects.create(school=first.school, name="王浩", joined_on=date(2024, 9, 1))
    with connection.cursor() as cursor:
        cursor.execute("update records_pupil set id_number = %s where id = %s", [_stored(first), _key(second)])
    with pytest.raises(SealBroken):
        Pupil.objects.get(pk=second.pk).id_number.reveal()


def test_a_changed_envelope_does_not_open(db):
    pupil = _pupil(id_number=NUMBER)
    broken = _stored(pupil)[:-6] + "AAAA=="
    with connection.cursor() as cursor:
        cursor.execute("update records_pupil set id_number = %s where id = %s", [broken, _key(pupil)])
    with pytest.raises(SealBroken):
        Pupil.objects.get(pk=pupil.pk).id_number.reveal()


def test_a_sealed_column_cannot_be_searched_or_overwritten_in_bulk(db):
    _pupil(id_number=NUMBER)
    with pytest.raises(TypeError, match="blind index"):
        Pupil.objects.filter(id_number=NUMBER)
    with pytest.raises(TypeError, match="row by row"):
        Pupil.objects.update(id_number=NUMBER)


def test_rows_sealed_with_an_older_key_or_cipher_still_open(db, settings):
    old = _pupil(id_number=NUMBER)
    settings.SEAL_KEYS = {**settings.SEAL_KEYS, "guomi": ("sm4", os.urandom(16))}
    settings.SEAL_KEY = "guomi"
    new = Pupil.objects.create(school=old.school, name="王浩", joined_on=date(2024, 9, 1), id_number="11")
    assert _stored(new).startswith("v1$guomi$")
    assert Pupil.objects.get(pk=old.pk).id_number.reveal() == NUMBER
    assert Pupil.objects.get(pk=new.pk).id_number.reveal() == "11"


def test_a_missing_key_is_said_and_not_guessed(db, settings):
    pupil = _pupil(id_number=NUMBER)
    settings.SEAL_KEYS = {"other": ("aes", bytes(32))}
    with pytest.raises(SealBroken):
        Pupil.objects.get(pk=pupil.pk).id_number.reveal()


def test_the_blind_index_is_the_same_for_one_number_and_different_for_one_purpose():
    assert blind(" 52232120140307123x", "id_number") == blind("52232120140307123X", "id_number")
    assert blind(NUMBER, "id_number") != blind(NUMBER, "phone")


def test_many_rows_can_be_sealed_at_once(db):
    first = _pupil(id_number=NUMBER)
    rows = Pupil.objects.bulk_create(
        Pupil(school=first.school, name=str(n), joined_on=date(2024, 9, 1), phone=f"100{n:08d}") for n in range(50)
    )
    rows[7].phone = "10099999999"
    Pupil.objects.bulk_update(rows, ["phone"])
    assert Pupil.objects.get(pk=rows[7].pk).phone.reveal() == "10099999999"
    assert Pupil.objects.get(pk=rows[8].pk).phone.reveal() == "10000000008"
