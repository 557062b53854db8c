"""Small makers of rows for tests, each with sensible defaults, so that a test says only what it is about."""

from datetime import date, timedelta

from bangfu.flow import adopt, clock
from bangfu.records.access import Viewer, viewer_of
from bangfu.records.models import (
    AdoptedPlan,
    Case,
    Enrolment,
    Guardian,
    Pairing,
    Pupil,
    RoleGrant,
    School,
    SchoolClass,
    Staff,
    Term,
    User,
)  # fmt: skip
from bangfu.records.seal import blind

AUTUMN = (date(2026, 9, 1), date(2027, 1, 22))
SPRING = (date(2027, 3, 1), date(2027, 7, 3))


def school(name: str = "石坎镇中心小学") -> School:
    row = School.objects.create(name=name)
    Term.objects.create(school=row, key="2025-2026-2", starts_on=date(2026, 3, 9), ends_on=date(2026, 7, 3))
    Term.objects.create(school=row, key="2026-2027-1", starts_on=AUTUMN[0], ends_on=AUTUMN[1])
    Term.objects.create(school=row, key="2026-2027-2", starts_on=SPRING[0], ends_on=SPRING[1])
    return row


def school_class(school: School, grade: int = 3, number: int = 1, on: date = AUTUMN[0]) -> SchoolClass:
    return SchoolClass.objects.create(school=school, entry_year=on.year - grade + 1, number=number)


def staff(school: School, name: str, username: str = "", *posts) -> Staff:
    """Each post is (role, class or grade or None)."""
    user = User.objects.create_user(username, "shikan-2026") if username else None
    row = Staff.objects.create(school=school, name=name, sort_key=name, user=user)
    for role, scope in posts:
        RoleGrant.objects.create(
            staff=row,
            role=role,
            school_class=scope if isinstance(scope, SchoolClass) else None,
            grade=scope if isinstance(scope, int) else None,
            valid_from=date(2025, 9, 1),
        )
    return row


def pupil(
    school_class: SchoolClass, name: str, *, joined_on: date = date(2024, 9, 1), seat_no: int | None = None
) -> Pupil:
    number = f"522321201{abs(hash(name)) % 10**8:08d}0"  # no real person: the check digit is not computed
    row = Pupil.objects.create(
        school=school_class.school,
        name=name,
        sort_key=name,
        initials=name[:1],
        sex="2",
        joined_on=joined_on,
        id_number=number,
        id_number_index=blind(f"{name}{number}", "id_number"),
        phone="10012345678",
    )
    Enrolment.objects.create(pupil=row, school_class=school_class, seat_no=seat_no, valid_from=joined_on)
    Guardian.objects.create(
        pupil=row, position=1, name=f"{name[:1]}家长", relation="奶奶", is_guardian=True, phone="10098765432"
    )
    return row


def plan(
    school: School, *, key: str = "weekly_support", edition: str = "seed", valid_from: date = date(2026, 3, 1)
) -> AdoptedPlan:
    text = adopt.shelf().texts[key, edition]
    read = adopt.read(text)
    from bangfu.engine import pack

    return AdoptedPlan.objects.create(
        school=school, key=read.key, edition=edition, content=text, digest=pack.digest(text), valid_from=valid_from,
        adopted_at=clock.now(),
    )  # fmt: skip


def case(
    pupil: Pupil, *, opened_on: date = date(2026, 9, 7), helper: Staff | None = None, by: Staff | None = None,
    of: tuple[str, str] = ("weekly_support", "study"),
) -> Case:  # fmt: skip
    """A case of the plan and category named in `of`."""
    row = Case.objects.create(
        school=pupil.school, pupil=pupil, plan_key=of[0], category=of[1], causes=["habits"], opened_on=opened_on,
        opened_by=by,
    )  # fmt: skip
    if helper:
        pair(row, helper, valid_from=opened_on)
    return row


def pair(case: Case, helper: Staff, *, valid_from: date, **more) -> Pairing:
    return Pairing.objects.create(
        case=case, helper=helper, **more, state="confirmed", reason="同班", proposed_on=valid_from, confirmed_by=helper,
        valid_from=valid_from, accepted_on=valid_from + timedelta(days=1),
    )  # fmt: skip


def viewer(staff: Staff, day: date) -> Viewer:
    return viewer_of(Staff.objects.select_related("school").get(pk=staff.pk), day)
