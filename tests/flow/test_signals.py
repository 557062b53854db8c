"""Early warning is off until the principal wants it, and then speaks to the class teacher and the principals only."""

from datetime import timedelta

import pytest
from django.apps import apps

from bangfu.flow import record, signals
from bangfu.records.models import Absence, Event
from tests.cast import DAY


def away(cast, at=0):
    Absence.objects.create(
        pupil=cast.pupils[at], starts_on=DAY - timedelta(days=6), ends_on=DAY, by=cast.homeroom
    )


def seen(cast, who, at=0):
    viewer = cast.viewer(who)
    roles = record.roles_on([cast.pupils[at]], by=viewer)[cast.pupils[at].pk]
    return signals.of_child(viewer, cast.pupils[at].pk, roles)


def test_it_is_off_until_the_principal_switches_it_on(cast):
    away(cast)
    assert seen(cast, cast.homeroom) == ()
    signals.switch(is_on=True, by=cast.viewer(cast.principal))
    assert seen(cast, cast.homeroom)[0] == "这一阵缺课比平时多"
    signals.switch(is_on=False, by=cast.viewer(cast.principal))
    assert seen(cast, cast.homeroom) == ()
    assert Event.objects.filter(verb="signals.switch").count() == 2


def test_only_the_principal_switches_it_and_twice_is_once(cast):
    for who in ("deputy_head", "homeroom", "officer"):
        with pytest.raises(signals.NotPrincipal):
            signals.switch(is_on=True, by=cast.viewer(getattr(cast, who)))
    for _ in range(2):
        signals.switch(is_on=True, by=cast.viewer(cast.principal))
    assert Event.objects.filter(verb="signals.switch").count() == 1


def test_the_class_teacher_and_the_principals_are_told_and_nobody_else(cast):
    away(cast)
    cast.case(0, helper=cast.attached)
    signals.switch(is_on=True, by=cast.viewer(cast.principal))
    told = {
        who: bool(seen(cast, getattr(cast, who)))
        for who in ("homeroom", "principal", "deputy_head", "attached", "supervisor", "officer")
    }
    assert told == {
        "homeroom": True,
        "principal": True,
        "deputy_head": True,
        "attached": False,
        "supervisor": False,
        "officer": False,
    }


def test_no_table_has_room_for_a_score_or_a_colour_of_a_child():
    names = {
        field.name
        for model in apps.get_app_config("records").get_models()
        for field in model._meta.get_fields()
    }
    assert not {"risk", "risk_score", "score", "colour", "color", "warning", "signal"} & names


def test_a_day_said_in_advance_and_seen_at_the_roll_call_is_one_day(cast):
    signals.switch(is_on=True, by=cast.viewer(cast.principal))
    for is_seen in (False, True):
        Absence.objects.create(
            pupil=cast.pupils[0], starts_on=DAY - timedelta(days=1), ends_on=DAY, is_seen=is_seen, by=cast.homeroom
        )
    assert "这一阵缺课比平时多" not in seen(cast, cast.homeroom)
