"""The school of `bench chaos`, made and read again in a process of its own: who has a phone, what is in the books.

In: `make RUNS`, `read` or `week`, a data folder through the environment. Out: a line of JSON.
"""

import json
import sys
import time
from datetime import timedelta
from uuid import uuid4

import django

CLASSES, PUPILS, HELPED = 6, 10, 2


def make(runs: int) -> dict:
    """This function will make a school with two teachers a class, signed in, and for every run a grown-up of a child."""
    from django.core.management import call_command

    from bangfu.flow import clock, merge
    from bangfu.records.models import Guardian, School, Term

    call_command("migrate", verbosity=0, interactive=False)
    day = clock.today()
    school = School.objects.create(name="石坎镇中心小学")
    term = {"starts_on": day - timedelta(days=70), "ends_on": day + timedelta(days=60)}
    Term.objects.create(school=school, key="2026-2027-1", **term)
    _adopt(school, day)
    classes = [_class(school, number, day) for number in range(1, CLASSES + 1)]
    for run in range(runs):
        one = classes[run % CLASSES]
        pupil = one["pupils"][run // CLASSES % PUPILS]
        row = Guardian.objects.create(pupil_id=pupil, position=100 + run, name="家长")
        one["guardians"].append(str(row.pk))
    bases = {name: merge.version_of(row, name) for name in merge.OF_GUARDIAN}
    return {"day": day.isoformat(), "classes": classes, "bases": bases}


def _adopt(school, day) -> None:
    from bangfu.engine import pack
    from bangfu.flow import adopt, clock
    from bangfu.records.models import AdoptedPlan

    text = adopt.shelf().texts["weekly_support", "seed"]
    AdoptedPlan.objects.create(
        school=school, key="weekly_support", edition="seed", content=text, digest=pack.digest(text),
        valid_from=day - timedelta(days=60), adopted_at=clock.now(),
    )  # fmt: skip


def _class(school, number: int, day) -> dict:
    """A class of the third grade: its two teachers signed in, its pupils, two of them helped."""
    from bangfu.flow import adopt
    from bangfu.records.models import Case, Enrolment, Pairing, Pupil, RoleGrant, SchoolClass, Staff

    since = day - timedelta(days=50)
    of = SchoolClass.objects.create(school=school, entry_year=2024, number=number)
    people = []
    for role in ("homeroom_teacher", "class_attached_teacher"):
        staff = Staff.objects.create(school=school, name=f"老师{number}", sort_key=f"{role}{number}")
        RoleGrant.objects.create(staff=staff, role=role, school_class=of, valid_from=since)
        people.append({"staff": str(staff.pk), "session": _session(staff)})
    pupils = []
    for seat in range(PUPILS):
        pupil = Pupil.objects.create(school=school, name=f"学生{number}{seat}", joined_on=since)
        Enrolment.objects.create(pupil=pupil, school_class=of, seat_no=seat + 1, valid_from=since)
        pupils.append(pupil)
    adopt.keep_limits(school=school, day=day)
    for pupil in pupils[:HELPED]:
        case = Case.objects.create(
            school=school,
            pupil=pupil,
            plan_key="weekly_support",
            category="study",
            causes=[],
            opened_on=since,
        )
        Pairing.objects.create(
            case=case, helper=staff, state="confirmed", reason="同班", proposed_on=since, confirmed_by=staff,
            valid_from=since, accepted_on=since,
        )  # fmt: skip
    return {"people": people, "pupils": [str(one.pk) for one in pupils], "guardians": []}


def _session(staff) -> str:
    """What signing in leaves behind, without typing a password."""
    from django.test import Client

    from bangfu.records.models import User

    staff.user = User.objects.create(username=f"chaos{staff.pk.hex[:12]}", password="!")
    staff.save(update_fields=["user"])
    client = Client()
    client.force_login(staff.user, backend="bangfu.records.access.ViewerBackend")
    return client.cookies["sessionid"].value


def read() -> dict:
    """This function will tell all that is in the books: records with their versions, what waits, fields, conflicts."""
    from bangfu.flow import merge
    from bangfu.flow.sync_item import read_words
    from bangfu.records.models import Evidence, FieldConflict, Guardian, SyncItem

    held = {}
    for row in SyncItem.objects.filter(state="review"):
        entry, _pupils = read_words(row.content.reveal())
        held[str(row.pk)] = entry.note
    return {
        "records": [
            [str(pk), str(amends) if amends else "", note, withdrawn, str(author)]
            for pk, amends, note, withdrawn, author in Evidence.objects.filter(
                note__startswith="〔"
            ).values_list("pk", "amends", "note", "is_withdrawn", "author")
        ],
        "withdrawn": [
            str(pk) for pk in Evidence.objects.filter(is_withdrawn=True).values_list("amends", flat=True)
        ],
        "held": held,
        "fields": {
            str(one.pk): {name: merge.text_of(one, name) for name in merge.OF_GUARDIAN}
            for one in Guardian.objects.filter(position__gte=100)
        },
        "conflicts": [
            [str(one.guardian_id), one.field, one.value.reveal() if one.value else "", str(one.device)]
            for one in FieldConflict.objects.open()
        ],
    }


def week(rounds: int = 6) -> dict:
    """This function will send a week of one teacher, 200 records in one /sync: milliseconds of CPU, without the first."""
    from django.test import Client

    from bangfu.flow import clock
    from bangfu.records.models import Enrolment, Staff

    staff = Staff.objects.select_related("user").filter(grants__role="homeroom_teacher").first()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(staff.user, backend="bangfu.records.access.ViewerBackend")
    mine = Enrolment.objects.filter(school_class__grants__staff=staff).order_by("seat_no")
    pupils = [str(pk) for pk in mine.values_list("pupil_id", flat=True)]
    taken = []
    for _ in range(rounds):
        items = [
            _talk(staff, pupils[at % len(pupils)], clock.today() - timedelta(days=at % 5), at)
            for at in range(200)
        ]
        body = json.dumps({"device": str(uuid4()), "items": items})
        spent = time.process_time()
        answer = client.post("/sync", body, content_type="application/json")
        taken.append((time.process_time() - spent) * 1000)
        if {one["state"] for one in answer.json()["results"]} != {"stored"}:
            raise AssertionError(answer.text[:2000])
    return {"cpu": taken[1:]}


def _talk(staff, pupil: str, on, at: int) -> dict:
    form = {
        "on": [on.isoformat()], "activities": ["talk"], "note": ["说了说这一周，挺好。"],
        "talk.about": ["学习"], "talk.minutes": ["10"],
    }  # fmt: skip
    body = {"pupils": [pupil], "form": form}
    return {"id": str(uuid4()), "kind": "record", "seq": at, "author": str(staff.pk), "body": body}


ASKED = {"read": read, "week": week}

if __name__ == "__main__":
    django.setup()
    asked, *more = sys.argv[1:]
    print(json.dumps(make(int(more[0])) if asked == "make" else ASKED[asked](), ensure_ascii=False))
