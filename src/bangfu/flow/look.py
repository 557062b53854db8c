"""Reading a list of children and one child's file with one pair of eyes; revealing a phone number is an event.

Lists come as plain tuples in one query; what the viewer may not see is never fetched. P9-14 (一生一档) asks for it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Aggregate, CharField, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField, Value

from bangfu.engine import identity
from bangfu.flow import clock, schedule
from bangfu.records import audit
from bangfu.records.models import (
    Case,
    Enrolment,
    Evidence,
    EvidencePupil,
    Guardian,
    Pairing,
    Pupil,
    SchoolClass,
)  # fmt: skip
from bangfu.records.models.people import standing_in
from bangfu.records.models.places import school_year_of
from bangfu.records.seal import blind

PAGE = 50
QUIET = timedelta(days=14)
BACK = timedelta(days=62)  # how far back a child's file looks for when something was last done
CLASS_ORDER = ("-school_class__entry_year", "school_class__number", "seat_no", "pupil__sort_key", "pupil_id")
NEEDS = frozenset(
    {"helper", "deputy", "homeroom_teacher", "principal", "vice_principal", "union_chair", "aid_officer"}
)


class Joined(Aggregate):
    """All rows in one text, "id:year:number,…", so that the classes to choose from come along with the list."""

    function, template, output_field = "GROUP_CONCAT", "%(function)s(%(expressions)s, ',')", CharField()
    arg_joiner = " || ':' || "

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, function="STRING_AGG", arg_joiner=" || ':'::text || ")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader looks for: words (name, initials, class, roll number), one class, those without a record, a page."""

    words: str = ""
    class_id: UUID | None = None
    quiet: bool = False
    page: int = 1


def pupil_rows(viewer, wish: Wish = Wish()) -> list[tuple]:  # noqa: B008 - a frozen value
    """This function will list children in class order: (id, name, entry year, class, seat, last contact, classes).

    One query, at most 51 rows (the last only says that there are more). `classes` is "id:entry year:number,…".
    """
    roll = Enrolment.objects.on(viewer.day).filter(school_class__school_id=viewer.school_id)
    if not viewer.sees_roll:
        roll = roll.filter(pupil__in=Pupil.objects.visible_to(viewer))
    first = PAGE * (max(wish.page, 1) - 1)
    # The page is cut first, so that the last contact is looked up for fifty children and not for the whole school:
    # class by class, the database stops reading where the page ends, and need not sort three thousand children.
    some = _wished(roll, viewer, wish).order_by(*CLASS_ORDER).values("pk")[first : first + PAGE + 1]
    rows = Enrolment.objects.filter(pk__in=some).order_by(*CLASS_ORDER)
    return list(
        rows.annotate(last=_last_contact(viewer), classes=_classes(viewer)).values_list(
            "pupil_id", "pupil__name", "school_class__entry_year", "school_class__number", "seat_no", "last", "classes",
        )
    )  # fmt: skip


def _wished(roll: QuerySet, viewer, wish: Wish) -> QuerySet:
    if wish.class_id:
        roll = roll.filter(school_class=wish.class_id)
    if wish.quiet:
        here = OuterRef("pupil_id")
        helped = Case.objects.open_on(viewer.day).filter(pupil=here)
        lately = _current(EvidencePupil.objects.filter(pupil=here, happened_on__gt=viewer.day - QUIET))
        cared = Pupil.objects.cared_for_by(viewer).filter(pk=here)
        roll = roll.filter(Exists(helped), ~Exists(lately), Exists(cared))
    words = "".join(wish.words.split())
    if not words:
        return roll
    year, number = identity.read_class(words, school_year_of(viewer.day))
    fits = Q(pupil__name__icontains=words) | Q(pupil__initials__startswith=words.lower())
    if words.isascii() and words.isalpha():
        fits |= Q(pupil__sort_key__startswith=" ".join(wish.words.lower().split()))
    if year and number:
        fits |= Q(school_class__entry_year=year, school_class__number=number)
    if words.isdigit() and len(words) <= 2:
        fits |= Q(seat_no=int(words))
    if len(words) >= 15:
        fits |= Q(pupil__roll_no_index=blind(words.upper(), "roll_no"))
    return roll.filter(fits)


def _current(rows: QuerySet) -> QuerySet:
    return rows.filter(evidence__amended_by__isnull=True, evidence__is_withdrawn=False)


def _last_contact(viewer):
    about = _current(EvidencePupil.objects.filter(pupil=OuterRef("pupil_id")))
    if viewer.sees_roll and not viewer.is_leader:  # the office sees names, not whether anybody talked
        about = about.filter(pupil__in=Pupil.objects.cared_for_by(viewer))
    return Subquery(about.order_by("-happened_on").values("happened_on")[:1])


def _classes(viewer):
    rows = SchoolClass.objects.visible_to(viewer).order_by().values("school")
    return Subquery(rows.annotate(every=Joined("pk", "entry_year", "number")).values("every"))


@dataclass(frozen=True, slots=True)
class Told:
    """One record in a child's file."""

    id: UUID
    on: date
    written_on: date
    activities: tuple[str, ...]
    author: str
    is_own: bool
    note: str
    answers: dict
    minutes: int | None
    bright_spot: str
    reflection: str
    amends: UUID | None


def head(viewer, pupil_id: UUID) -> dict | None:
    """This function will give the head of a child's file, or None if it is not the viewer's to open; one query."""
    day = viewer.day
    enrolled = Enrolment.objects.on(day).filter(pupil=OuterRef("pk"))
    helped = Pairing.objects.in_force(day).filter(
        case__pupil=OuterRef("pk")
    )  # one for each plan, perhaps more
    mine = helped.filter(helper=viewer.staff)
    is_cared = Value(True)  # noqa: FBT003
    if not viewer.is_leader:  # the office and subject teachers open the head of a file, and no more
        is_cared = Exists(Pupil.objects.cared_for_by(viewer).filter(pk=OuterRef("pk")))
    return (
        Pupil.objects.visible_to(viewer)
        .filter(pk=pupil_id)
        .annotate(
            is_cared=is_cared,
            class_id=Subquery(enrolled.values("school_class")[:1], output_field=UUIDField()),
            entry_year=Subquery(enrolled.values("school_class__entry_year")[:1]),
            number=Subquery(enrolled.values("school_class__number")[:1]),
            seat_no=Subquery(enrolled.values("seat_no")[:1]),
            helpers=_every(helped, "helper__name"),
            paired_in=_every(mine, "case__plan_key"),
            is_deputy=Exists(helped.filter(standing_in(viewer))),
        )
        .values(
            "id", "name", "sex", "left_on", "joined_on", "is_cared", "class_id", "entry_year", "number", "seat_no",
            "helpers", "paired_in", "is_deputy",
        )
        .first()
    )  # fmt: skip


def _every(pairs: QuerySet, column: str) -> Subquery:
    """One column of all these pairs in one text: "李秋月,赵志远"."""
    rows = pairs.order_by().values("case__pupil").annotate(every=Joined(column))
    return Subquery(rows.values("every"), output_field=CharField())


def roles_to(viewer, child: dict) -> frozenset[str]:
    """This function will say what the viewer is to the child of a head."""
    return schedule.roles_towards(
        viewer,
        school_class_id=child["class_id"],
        entry_year=child["entry_year"] or 0,
        helper_ids=(viewer.staff.pk,) if child["paired_in"] else (),
        deputy_ids=(viewer.staff.pk,) if child["is_deputy"] else (),
    )


def told(viewer, pupil_id: UUID, *, limit: int, start: int = 0, until: date | None = None) -> list[Told]:
    """This function will read a child's records, newest first; one query. Ask `head` first: `is_cared` must hold.

    `start` passes over the newest, `until` over those after a day. A record about a child in one's care is one's to
    read, so nothing is asked a second time here or below.
    """
    rows, newest = _about(viewer, pupil_id), ("-happened_on", "-evidence__written_at", "-pk")
    if until:
        rows = rows.filter(happened_on__lte=until)
    # The page is cut first: thousands of records are sorted by two days, not with every word in them.
    some = EvidencePupil.objects.filter(pk__in=rows.order_by(*newest).values("pk")[start : start + limit])
    return [
        Told(pk, on, schedule.local_day(at), tuple(acts), author, by == viewer.staff.pk, *rest)
        for pk, on, at, acts, author, by, *rest in some.order_by(*newest).values_list(
            "evidence_id", "happened_on", "evidence__written_at", "evidence__activities", "evidence__author__name",
            "evidence__author_id", "evidence__note", "evidence__answers", "evidence__minutes",
            "evidence__bright_spot", "evidence__reflection", "evidence__amends_id",
        )
    ]  # fmt: skip


def bright_spot(viewer, pupil_id: UUID) -> tuple | None:
    """This function will give a child's latest bright spot: (words, day, author), or None; one query, after `head`."""
    rows = (
        _about(viewer, pupil_id)
        .exclude(evidence__bright_spot="")
        .order_by("-happened_on", "-evidence__written_at")
    )
    return rows.values_list("evidence__bright_spot", "happened_on", "evidence__author__name").first()


def _about(viewer, pupil_id: UUID) -> QuerySet:
    return _current(EvidencePupil.objects.filter(pupil=pupil_id, pupil__school_id=viewer.school_id))


def earlier(viewer, evidence_ids) -> dict[UUID, list[dict]]:
    """This function will give the versions before each amended record, newest first; one query for each step back."""
    found: dict[UUID, list[dict]] = {pk: [] for pk in evidence_ids if pk}
    wanted = {pk: pk for pk in found}  # version to read → record it belongs to
    while wanted:
        rows = (
            Evidence.objects.visible_to(viewer)
            .filter(pk__in=wanted)
            .values("id", "happened_on", "written_at", "activities", "note", "bright_spot", "amends_id")
        )
        following = {}
        for row in rows:
            found[wanted[row["id"]]].append(row)
            if row["amends_id"]:
                following[row["amends_id"]] = wanted[row["id"]]
        wanted = following
    return found


def cases_of(viewer, pupil_id: UUID) -> list[dict]:
    """This function will give why a child is helped: open cases with causes, day and plan; one query, after `head`."""
    rows = Case.objects.filter(school_id=viewer.school_id).open_on(viewer.day).filter(pupil=pupil_id)
    return list(rows.values("id", "plan_key", "opened_on", "causes", "cause_note", "measures", "category"))


def help_of(viewer, plans, pupil_id: UUID) -> dict[str, schedule.Dossier]:
    """This function will judge a child's duties of these plans, this window and the last ones: {plan key: Dossier}.

    About ten queries, however many plans; ask `head` first.
    """
    cases = Case.objects.filter(school_id=viewer.school_id, pupil=pupil_id).open_on(viewer.day)
    found = schedule.dossiers(cases, day=viewer.day)
    asked = schedule.Asked(viewer.school, viewer.day - BACK, viewer.day, viewer.day)
    schedule.judge(plans, found, asked)
    return {dossier.plan_key: dossier for dossier in found.values()}


def may_see_needs(roles: frozenset[str]) -> bool:
    """This function will say whether somebody with these roles to a child may read what support it needs."""
    return not roles.isdisjoint(NEEDS)


def family(pupil_id: UUID) -> list[Guardian]:
    """This function will give the guardians of a child the viewer may open (ask `head` first); numbers stay sealed."""
    return list(Guardian.objects.filter(pupil=pupil_id).order_by("position"))


def reveal(*, guardian_id: UUID, pupil_id: UUID, by) -> str:
    """This function will open one phone number, to call, and log who did; Guardian.DoesNotExist if it is not there."""
    guardian = Guardian.objects.get(pk=guardian_id, pupil=pupil_id, pupil__in=Pupil.objects.visible_to(by))
    audit.log(
        "account.reveal", by=by.staff, at=clock.now(), subject=guardian, changes={"phone": [None, "shown"]}
    )
    return guardian.phone.reveal() if guardian.phone else ""
