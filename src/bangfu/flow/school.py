"""Setting a school up and keeping it true: classes, staff, roles, terms, days that differ. Every change is an event."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from bangfu.engine.refusal import Refusal
from bangfu.exchange.pinyin import initials, sort_key
from bangfu.flow import clock
from bangfu.flow.almanac import usual_terms
from bangfu.records import audit
from bangfu.records.models import DayOverride, RoleGrant, School, SchoolClass, Staff, Term, User
from bangfu.records.models.places import school_year_of

KEEPERS = ("principal", "vice_principal", "system_admin", "roll_officer")


class NotKeeper(Refusal):
    sentence = "校历、班级和人员由校长或系统管理员来改。"


class AlreadyThere(Refusal):
    """The thing exists; nothing was changed."""


class WrongDates(Refusal):
    """Dates that cannot be: end before start, terms that overlap."""


@dataclass(frozen=True, slots=True)
class Post:
    """A role with its scope: a class, a grade, or neither for the whole school."""

    role: str
    school_class: SchoolClass | None = None
    grade: int | None = None


def may_keep(by) -> None:
    """This function will refuse anybody who may not change the school's set-up."""
    if not by.holds(*KEEPERS):
        raise NotKeeper


@transaction.atomic
def found(*, name: str, principal: str, username: str, password: str, on: date) -> tuple[School, Staff]:
    """This function will open an empty installation: one school, its principal, the usual two terms.

    Raises AlreadyThere if any school exists.
    """
    if School.objects.exists():
        raise AlreadyThere("这台机器上已经有学校了，请直接登录。")
    school = School.objects.create(name=name.strip())
    staff = _staff(school, principal, None)
    staff.user = User.objects.create_user(username.strip(), password)
    staff.save(update_fields=["user"])
    for role in ("principal", "system_admin"):
        RoleGrant.objects.create(staff=staff, role=role, valid_from=on)
    for key, starts_on, ends_on in usual_terms(school_year_of(on)):
        Term.objects.create(school=school, key=key, starts_on=starts_on, ends_on=ends_on)
    audit.log("enrol.school", by=staff, at=clock.now(), subject=school, changes={"founded": [None, str(on)]})
    return school, staff


def _staff(school: School, name: str, subject: str | None) -> Staff:
    name = "".join(name.split())
    return Staff.objects.create(
        school=school, name=name, sort_key=sort_key(name), initials=initials(name), subject=subject or ""
    )


@transaction.atomic
def add_staff(*, name: str, by, subject: str = "") -> Staff:
    """This function will add a staff member (no account yet)."""
    may_keep(by)
    if not name.strip():
        raise AlreadyThere("还没有写姓名。")
    staff = _staff(by.school, name, subject)
    audit.log("enrol.staff", by=by.staff, at=clock.now(), subject=staff, changes={"name": [None, staff.name]})
    return staff


@transaction.atomic
def give_account(*, staff: Staff, username: str, password: str, by) -> User:
    """This function will give a staff member an account, or a new password for the one they have."""
    may_keep(by)
    if staff.user_id:
        staff.user.set_password(password)
        staff.user.save(update_fields=["password"])
        return staff.user
    try:
        with transaction.atomic():
            user = User.objects.create_user(username.strip(), password)
    except IntegrityError as cause:
        raise AlreadyThere(f"用户名“{username}”已经有人用了，换一个就可以。") from cause
    staff.user = user
    staff.save(update_fields=["user"])
    audit.log("enrol.staff", by=by.staff, at=clock.now(), subject=staff, changes={"account": [None, True]})
    return user


@transaction.atomic
def grant(*, staff: Staff, post: Post, valid_from: date, by) -> RoleGrant:
    """This function will give a role from a day; a class has one homeroom teacher, a grade one supervisor (P9-33)."""
    may_keep(by)
    scope = {"role": post.role, "school_class": post.school_class, "grade": post.grade, "valid_to": None}
    existing = RoleGrant.objects.filter(staff=staff, **scope).first()
    if existing:
        return existing
    if post.role in ("homeroom_teacher", "grade_supervisor"):
        others = RoleGrant.objects.filter(staff__school=by.school, **scope)
        for other in others:
            revoke(grant=other, on=valid_from, by=by)
    row = RoleGrant.objects.create(staff=staff, valid_from=valid_from, granted_by=by.staff, **scope)
    audit.log("enrol.grant", by=by.staff, at=clock.now(), subject=staff, changes={"role": [None, post.role]})
    return row


@transaction.atomic
def revoke(*, grant: RoleGrant, on: date, by) -> None:
    """This function will end a role from a day on; what was done in it stays."""
    may_keep(by)
    if RoleGrant.objects.filter(pk=grant.pk, valid_to__isnull=True).update(
        valid_to=max(on, grant.valid_from)
    ):
        audit.log(
            "enrol.grant",
            by=by.staff,
            at=clock.now(),
            subject=grant.staff,
            changes={"role": [grant.role, None]},
        )


@transaction.atomic
def add_class(*, entry_year: int, number: int, by, site: str = "") -> SchoolClass:
    """This function will add a class, or give the one that is there."""
    may_keep(by)
    row, is_new = SchoolClass.objects.get_or_create(
        school=by.school, entry_year=entry_year, number=number, defaults={"site": site}
    )
    if is_new:
        audit.log(
            "enrol.class", by=by.staff, at=clock.now(), subject=row, changes={"class": [None, str(row)]}
        )
    return row


@transaction.atomic
def set_term(*, key: str, starts_on: date, ends_on: date, by) -> Term:
    """This function will set a term's two dates. Raises WrongDates when they cross another term."""
    may_keep(by)
    if ends_on <= starts_on:
        raise WrongDates("学期最后一天要在第一天之后，请换一下。")
    others = Term.objects.filter(school=by.school, starts_on__lte=ends_on, ends_on__gte=starts_on).exclude(
        key=key
    )
    if others.exists():
        raise WrongDates("这两个日期和另一个学期重叠了，请核对一下。")
    row, _ = Term.objects.update_or_create(
        school=by.school, key=key, defaults={"starts_on": starts_on, "ends_on": ends_on}
    )
    _calendar_changed(by, {key: [None, f"{starts_on}—{ends_on}"]})
    return row


@transaction.atomic
def set_day(*, day: date, is_school_day: bool | None, by, reason: str = "") -> None:
    """This function will say that a day is (or is not) a school day here; None goes back to the national calendar."""
    may_keep(by)
    if is_school_day is None:
        DayOverride.objects.filter(school=by.school, day=day).delete()
    else:
        DayOverride.objects.update_or_create(
            school=by.school,
            day=day,
            defaults={"is_school_day": is_school_day, "reason": reason.strip()[:60]},
        )
    _calendar_changed(by, {str(day): [None, is_school_day]})


def _calendar_changed(by, changes: dict) -> None:
    School.objects.filter(pk=by.school_id).update(calendar_version=F("calendar_version") + 1)
    by.school.refresh_from_db(fields=["calendar_version"])
    audit.log("enrol.calendar", by=by.staff, at=clock.now(), subject=by.school, changes=changes)
