"""The database of `bangfu bench duties`: a school on SQLite where every child has a case, and the state is kept.

In: how many pupils, a data folder (through the environment). Out: one line of JSON. Settings are the real ones.
"""

import json
import sys
import time
from datetime import timedelta
from uuid import uuid4

import django

from bangfu.bench import percentile, summary

READ, ASKED, RECORDS = 40, 200, 60
CLASSES = 10


def build(many: int):
    """This function will invent the school and give every pupil a case and a helper; gives (school, day)."""
    from django.core.management import call_command

    from bangfu.demo.people import Size
    from bangfu.demo.school import build as invent
    from bangfu.flow import clock
    from bangfu.records.models import Case, Pairing, PairingLimit, Pupil, RoleGrant, School

    call_command("migrate", verbosity=0, interactive=False)
    invent(size=Size(classes_per_grade=CLASSES, pupils_per_class=-(-many // 6 // CLASSES), staff=200))
    school, day = School.objects.get(), clock.today()
    helpers = list(
        RoleGrant.objects.filter(role="homeroom_teacher")
        .order_by("staff__pk")
        .values_list("staff_id", flat=True)
    )
    opened_on = day - timedelta(days=70)
    bare = Pupil.objects.filter(school=school, left_on=None, cases=None, joined_on__lte=opened_on)
    cases = Case.objects.bulk_create(
        Case(school=school, pupil=pupil, plan_key="weekly_support", category="academic", opened_on=opened_on)
        for pupil in bare
    )
    PairingLimit.objects.all().delete()  # here a teacher has a whole class, so that there is much to work out
    Pairing.objects.bulk_create(
        Pairing(
            case=case, helper_id=helpers[at % len(helpers)], state="confirmed", reason="同班", proposed_on=opened_on,
            confirmed_by_id=helpers[0], valid_from=opened_on,
        )
        for at, case in enumerate(cases)
    )  # fmt: skip
    talks(school, cases, day)
    return school, day


def talks(school, cases, day) -> None:
    """This function will give each case a sitting in most weeks and a call a month, written down as they happened."""
    from bangfu.flow import clock
    from bangfu.records.models import Evidence, EvidencePupil, Pairing

    helper_of = dict(Pairing.objects.filter(case__in=cases).values_list("case_id", "helper_id"))
    told = [
        (
            case,
            day - timedelta(days=7 * week),
            ["talk", "tutoring"] if week % 4 else ["talk", "guardian_contact"],
        )
        for at, case in enumerate(cases)
        for week in range(1, 10)
        if (at + week) % 6
    ]
    records = Evidence.objects.bulk_create(
        (
            Evidence(
                school=school, author_id=helper_of[case.pk], happened_on=on, activities=activities,
                written_at=clock.now() - (day - on),
            )
            for case, on, activities in told
        ),
        batch_size=1000,
    )  # fmt: skip
    EvidencePupil.objects.bulk_create(
        (
            EvidencePupil(evidence=one, pupil_id=case.pupil_id, happened_on=on, roles=["helper"])
            for one, (case, on, _) in zip(records, told, strict=True)
        ),
        batch_size=1000,
    )


def reads(school, day) -> dict:
    """This function will read what is due for forty children, again and again, and count the queries of one reading."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bangfu.flow import agenda, state
    from bangfu.records.access import viewer_of
    from bangfu.records.models import Case, Staff

    pupils = list(Case.objects.open_on(day).order_by("pk").values_list("pupil_id", flat=True))
    groups = [pupils[at : at + READ] for at in range(0, len(pupils) - READ + 1, READ)]
    with CaptureQueriesContext(connection) as asked:
        rows = state.due_today(school=school, pupils=groups[0], day=day)
    taken, walls = [], []
    for number in range(ASKED):
        began, busy = time.perf_counter(), time.thread_time()
        state.due_today(school=school, pupils=groups[number % len(groups)], day=day)
        taken.append((time.thread_time() - busy) * 1000)
        walls.append((time.perf_counter() - began) * 1000)
    busiest = Staff.objects.filter(pairings__state="confirmed").order_by("pk").first()
    viewer = viewer_of(Staff.objects.select_related("school").get(pk=busiest.pk), day)
    began = time.perf_counter()
    agenda.agenda(viewer)
    return {
        "queries": len(asked), "rows": len(rows), "due": taken, "due_p95": percentile(taken, 0.95),
        "due_median": summary(taken)["median"], "due_wall": summary(walls)["median"],
        "page": (time.perf_counter() - began) * 1000,
    }  # fmt: skip


def records(school, day) -> dict:
    """This function will record with the state kept and without, turn by turn: CPU milliseconds more, of the medians."""
    from bangfu.flow import record, state
    from bangfu.records.access import viewer_of
    from bangfu.records.models import Pairing

    pairs = Pairing.objects.filter(state="confirmed", valid_to=None, case__closed_on=None)
    taken: dict[bool, list[float]] = {True: [], False: []}
    kept = state.hold, state.settle
    for number, pair in enumerate(
        pairs.select_related("case__pupil", "helper__school").order_by("pk")[: 2 * RECORDS]
    ):
        is_kept = number % 2 == 0
        if not is_kept:
            state.hold, state.settle = (lambda **_: None), (lambda *_: None)
        entry = record.Entry(("talk", "tutoring"), day, id=uuid4())
        viewer = viewer_of(pair.helper, day)
        busy = time.process_time()
        record.add(entry=entry, pupils=[pair.case.pupil], by=viewer)
        taken[is_kept].append((time.process_time() - busy) * 1000)
        state.hold, state.settle = kept
    return {"more": summary(taken[True])["median"] - summary(taken[False])["median"]}


def main() -> None:
    """This function will do everything in order."""
    django.setup()
    from bangfu.flow import state

    school, day = build(int(sys.argv[2]))
    state.refresh(school=school, day=day)
    busy = time.process_time()
    state.rebuild(school=school, day=day)
    told = {"rebuild": time.process_time() - busy, **reads(school, day), **records(school, day)}
    found = state.audit(school=school, day=day)
    print(
        json.dumps({**told, "wrong": len(found.wrong), "cells": found.cells, "cases": found.cases}),
        flush=True,
    )


if __name__ == "__main__":
    main()
