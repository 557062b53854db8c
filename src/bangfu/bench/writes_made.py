"""The school of `bench writes`, made in a process of its own: who may write about whom, signed in; checked again later.

In: `make WRITERS CLIENTS` or `check FILE`, a data folder or a database address through the environment. Out: a line of JSON.
"""

import json
import sys
import time
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from uuid import UUID, uuid4

import django

LONG = 2_000  # records of the child with a long history
WEEK = 200  # records a device kept in a week away


def make(people: int, classes: int, pupils: int, long: int = LONG) -> dict:
    """This function will invent the school, keep its states, and give each writer a session and children to write about."""
    from django.core.management import call_command

    from bangfu.bench.duties_school import talks
    from bangfu.demo.people import Size
    from bangfu.demo.school import build as invent
    from bangfu.flow import clock, state
    from bangfu.records.models import Case, School, Staff

    call_command("migrate", verbosity=0, interactive=False)
    invent(size=Size(classes_per_grade=classes, pupils_per_class=pupils, staff=24 * classes))
    school, day = School.objects.get(), clock.today()
    cases = _cases(school, day)
    talks(school, cases, day)
    state.refresh(school=school, day=day)
    helped: dict[UUID, list[str]] = {}
    for helper, pupil in (
        Case.objects.open_on(day)
        .filter(pairings__state="confirmed", pairings__valid_to=None)
        .order_by("pk")
        .values_list("pairings__helper_id", "pupil_id")
    ):
        helped.setdefault(helper, []).append(str(pupil))
    names = dict(Staff.objects.values_list("pk", "name"))
    people = [
        {"session": _session(staff), "name": names[staff], "pupils": pupils}
        for staff, pupils in islice(cycle(list(helped.items())), people)
    ]
    return {
        "writers": people,
        "day": day.isoformat(),
        "long": _long(school, day, long),
        "week": _week(school, day),
    }


def _cases(school, day) -> list:
    from bangfu.records.models import Case, Pairing, PairingLimit, Pupil, RoleGrant

    teachers = RoleGrant.objects.filter(role="homeroom_teacher").order_by("school_class__pk")
    class_of = dict(teachers.values_list("school_class_id", "staff_id"))
    opened_on = day - timedelta(days=70)
    bare = Pupil.objects.filter(
        school=school, left_on=None, cases=None, joined_on__lte=opened_on, enrolments__valid_to=None,
        enrolments__school_class__in=class_of,
    )  # fmt: skip
    where = dict(bare.values_list("pk", "enrolments__school_class_id"))
    cases = Case.objects.bulk_create(
        Case(school=school, pupil=pupil, plan_key="weekly_support", category="academic", opened_on=opened_on)
        for pupil in bare.order_by("pk")
    )
    PairingLimit.objects.all().delete()  # here a teacher has a whole class, so that there is much to write about
    Pairing.objects.bulk_create(
        Pairing(
            case=case, helper_id=class_of[where[case.pupil_id]], state="confirmed", reason="同班",
            proposed_on=opened_on, confirmed_by_id=class_of[where[case.pupil_id]], valid_from=opened_on,
        )
        for case in cases
    )  # fmt: skip
    return cases


def _session(staff_id) -> str:
    """What signing in leaves behind, without the slow check of a password five hundred times."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from bangfu.records.models import Staff, User

    staff = Staff.objects.select_related("user").get(pk=staff_id)
    if staff.user is None:
        staff.user = User.objects.create(username=f"bench{staff_id.hex[:12]}", password="!")
        staff.save(update_fields=["user"])
    session = SessionStore()
    session[SESSION_KEY] = str(staff.user.pk)
    session[BACKEND_SESSION_KEY] = "bangfu.records.access.ViewerBackend"
    session[HASH_SESSION_KEY] = staff.user.get_session_auth_hash()
    session.create()
    return session.session_key


def _busiest(school, day):
    from django.db.models import Count

    from bangfu.records.access import viewer_of
    from bangfu.records.models import Case, Pupil, Staff

    helpers = Staff.objects.filter(school=school, pairings__state="confirmed", pairings__valid_to=None)
    staff = helpers.annotate(many=Count("pairings")).order_by("-many", "pk").select_related("school").first()
    mine = Case.objects.open_on(day).filter(pairings__helper=staff, pairings__state="confirmed")
    pupils = Pupil.objects.filter(pk__in=mine.values("pupil")).order_by("pk")
    return viewer_of(staff, day), list(pupils)


def _long(school, day, many: int) -> dict:
    """A child with a long history, written down over a year by one who helps."""
    from bangfu.flow import record

    by, pupils = _busiest(school, day)
    child, note = pupils[-1], "课间说了说这一周：数学有进步，家里都好，下周一起看看作业本。"
    has = child.evidence.count()
    days = [day - timedelta(days=at % 60) for at in range(many - has)]
    entries = [(record.Entry(("talk",), on, note=note, minutes=10), [child]) for on in days]
    for at in range(0, len(entries), 500):
        record.add_many(entries=entries[at : at + 500], by=by)
    return {"session": _session(by.staff.pk), "pupil": str(child.pk), "records": child.evidence.count()}


def _week(school, day) -> dict:
    """What a teacher's device kept in a week away, stored in one go: CPU milliseconds, five times over."""
    from bangfu.flow import record, state

    by, pupils = _busiest(school, day)
    state.refresh(school=school, day=day)
    kinds = (("talk",), ("talk", "tutoring"), ("tutoring",), ("talk",))
    taken, walls = [], []
    for _ in range(6):
        entries = [
            (
                record.Entry(
                    kinds[at % 4], day - timedelta(days=at % 5), id=uuid4(), minutes=10, note="说了说这一周，挺好。",
                    answers={"about": ["学习", "心情"], "today": "平稳"},
                ),
                [pupils[at % len(pupils)]],
            )
            for at in range(WEEK)
        ]  # fmt: skip
        began, busy = time.perf_counter(), time.process_time()
        stored = record.add_many(entries=entries, by=by)
        taken.append((time.process_time() - busy) * 1000)
        walls.append((time.perf_counter() - began) * 1000)
        if [one.pk for one in stored] != [entry.id for entry, _ in entries]:
            raise AssertionError("not everything was stored")
    return {"cpu": taken[1:], "wall": walls[1:], "pupils": len(pupils), "audit": _audit(school, day)}


def _audit(school, day) -> dict:
    from bangfu.flow import state

    found = state.audit(school=school, day=day)
    return {"wrong": len(found.wrong), "cells": found.cells, "stale": found.stale}


def check(path: str) -> dict:
    """This function will say which acknowledged records are missing, whether any is there twice, and whether states hold."""
    from django.db import connection

    from bangfu.flow import clock
    from bangfu.records.models import Event, Evidence, EvidencePupil, School

    sent = [UUID(line) for line in Path(path).read_text(encoding="utf-8").split()]
    stored, trail = set(Evidence.objects.values_list("pk", flat=True)), set()
    trail |= set(Event.objects.filter(verb="record.add").values_list("subject_id", flat=True))
    about = set(EvidencePupil.objects.values_list("evidence_id", flat=True))
    whole = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            whole = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    lost = [pk for pk in sent if not (pk in stored and pk in trail and pk in about)]
    of_children = Evidence.objects.filter(school_class=None, whole_school=False)
    half = set(of_children.values_list("pk", flat=True)) - about  # about nobody: half a transaction
    return {
        "acknowledged": len(sent), "lost": len(lost), "half": len(half), "whole": whole,
        "audit": _audit(School.objects.get(), clock.today()),
    }  # fmt: skip


def main() -> None:
    """This function will do what it is asked."""
    django.setup()
    task, *words = sys.argv[1:]
    told = make(*map(int, words)) if task == "make" else check(*words)
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
