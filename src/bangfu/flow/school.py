"""Setting a school up and keeping it true: classes, staff, roles, terms, days that differ. Every change is an event."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from bangfu.engine.refusal import Refusal
from bangfu.exchange.pinyin import initials, sort_key
from bangfu.flow import clock, follow
from bangfu.flow.almanac import usual_terms
from bangfu.records import audit
from bangfu.records.models import DayOverride, RoleGrant, School, SchoolClass, Staff, Term, User
from bangfu.records.models.places import school_year_of

KEEPERS = ("principal", "vice_principal", "system_admin", "roll_officer")
OF_A_CLASS = ("homeroom_teacher", "class_attached_teacher", "subject_teacher", "class_administrator")
OF_A_GRADE = ("grade_supervisor", "grade_head")
ONE_OF_A_KIND = ("homeroom_teacher", "grade_supervisor", "class_administrator")  # for a class or a grade
PLAIN_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on a slip of paper


class NotKeeper(Refusal):
    sentence = "校历、班级和人员由校长或系统管理员来改。"


class AlreadyThere(Refusal):
    """The thing exists; nothing was changed."""


class WrongDates(Refusal):
    """Dates that cannot be: end before start, terms that overlap."""


class WrongCode(Refusal):
    sentence = "设置码不对。它在启动“bangfu serve”的窗口里，一共 8 位。"


class WeakPassword(Refusal):
    sentence = "密码至少 8 位，不要用太常见的。换一个就可以。"


class WrongScope(Refusal):
    """A role without its class or grade, or with one that is not its own."""


class LastKeeper(Refusal):
    sentence = "这是最后一位能改设置的人。先给另一位老师开通校长或系统管理员，再停这一项。"


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


def is_empty() -> bool:
    """This function will say whether no school lives in this installation yet."""
    return not School.objects.exists()


def setup_code() -> str:
    """This function will give the eight characters that only the person at the server's window can read."""
    return hmac.new(settings.SECRET_KEY.encode(), b"bangfu first set-up", hashlib.sha256).hexdigest()[:8]


def check_setup_code(code: str) -> None:
    """This function will refuse a set-up code that is not ours (WrongCode): nobody else may open the school."""
    if not hmac.compare_digest(code.strip().lower().encode(), setup_code().encode()):
        raise WrongCode


def starting_password() -> str:
    """This function will make eight characters to sign in with the first time."""
    return "".join(secrets.choice(PLAIN_LETTERS) for _ in range(8))


def _strong(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as cause:
        raise WeakPassword from cause


@transaction.atomic
def found(*, name: str, principal: str, username: str, password: str, on: date) -> tuple[School, Staff]:
    """This function will open an empty installation: one school, its principal, the usual two terms.

    Raises AlreadyThere if any school exists.
    """
    if School.objects.exists():
        raise AlreadyThere("这台机器上已经有学校了，请直接登录。")
    if not (name.strip() and principal.strip() and username.strip()):
        raise AlreadyThere("学校名称、校长姓名和用户名都要写。")
    _strong(password)
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


def read_staff(text: str) -> list[tuple[str, str]]:
    """This function will read a pasted list, one person a line, the subject behind a tab or a comma: [(name, subject)]."""
    found: dict[str, str] = {}
    for line in text.replace("，", ",").splitlines():
        cells = [cell.strip() for cell in line.replace(",", "\t").split("\t")]
        name = "".join(cells[0].split())
        if name and name not in ("姓名", "教师姓名", "老师"):
            found.setdefault(name, next((cell for cell in cells[1:] if cell), ""))
    return list(found.items())


@transaction.atomic
def add_staff_list(*, text: str, by) -> list[Staff]:
    """This function will add everybody on a pasted list who is not there yet; returns those added."""
    may_keep(by)
    people = read_staff(text)
    if not people:
        raise AlreadyThere("还没有写姓名。一行写一位，从表格里复制过来就可以。")
    long = [name for name, _ in people if len(name) > 40]
    if long:
        raise AlreadyThere(f"“{long[0][:12]}…”太长，不像姓名。请一行写一位。")
    known = set(Staff.objects.filter(school=by.school).at_work_on(by.day).values_list("name", flat=True))
    return [
        add_staff(name=name, subject=subject[:20], by=by) for name, subject in people if name not in known
    ]


@transaction.atomic
def leave_school(*, staff: Staff, on: date, by) -> None:
    """This function will note that a staff member left: roles end that day, the account no longer opens."""
    may_keep(by)
    for row in staff.grants.filter(valid_to__isnull=True):
        revoke(grant=row, on=on, by=by)
    if Staff.objects.filter(pk=staff.pk, left_on__isnull=True).update(left_on=on):
        audit.log(
            "enrol.staff", by=by.staff, at=clock.now(), subject=staff, changes={"left_on": [None, str(on)]}
        )


@transaction.atomic
def give_account(*, staff: Staff, username: str, password: str, by) -> User:
    """This function will give a staff member an account, or a new password for the one they have."""
    may_keep(by)
    _strong(password)
    if staff.user_id:
        staff.user.set_password(password)
        staff.user.save(update_fields=["password"])
        audit.log(
            "enrol.staff", by=by.staff, at=clock.now(), subject=staff, changes={"password": [None, "new"]}
        )
        return staff.user
    if not username.strip():
        raise AlreadyThere("还没有写用户名。")
    try:
        with transaction.atomic():
            user = User.objects.create_user(username.strip(), password)
    except IntegrityError as cause:
        raise AlreadyThere(f"用户名“{username}”已经有人用了，换一个就可以。") from cause
    staff.user = user
    staff.save(update_fields=["user"])
    audit.log("enrol.staff", by=by.staff, at=clock.now(), subject=staff, changes={"account": [None, True]})
    return user


def suggest_username(staff: Staff) -> str:
    """This function will suggest a user name that is free: the name's reading without spaces, a number if taken."""
    stem = "".join(c for c in staff.sort_key.lower() if c.isascii() and c.isalnum())[:30] or "user"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    return next(name for at in range(1, 10_000) if (name := f"{stem}{at if at > 1 else ''}") not in taken)


@transaction.atomic
def open_accounts(*, by) -> list[tuple[Staff, str, str]]:
    """This function will give everybody without an account one: [(staff, user name, starting password)], shown once."""
    may_keep(by)
    opened = []
    for staff in (
        Staff.objects.filter(school=by.school, user__isnull=True).at_work_on(by.day).order_by("sort_key")
    ):
        username, password = suggest_username(staff), starting_password()
        give_account(staff=staff, username=username, password=password, by=by)
        opened.append((staff, username, password))
    return opened


@transaction.atomic
def grant(*, staff: Staff, post: Post, valid_from: date, by) -> RoleGrant:
    """This function will give a role from a day; who holds one that is ONE_OF_A_KIND ends it (P9-33, P5-05)."""
    may_keep(by)
    _fits(post)
    scope = {"role": post.role, "school_class": post.school_class, "grade": post.grade, "valid_to": None}
    existing = RoleGrant.objects.filter(staff=staff, **scope).first()
    if existing:
        return existing
    if post.role in ONE_OF_A_KIND:
        others = RoleGrant.objects.filter(staff__school=by.school, **scope)
        for other in others:
            revoke(grant=other, on=valid_from, by=by)
    row = RoleGrant.objects.create(staff=staff, valid_from=valid_from, granted_by=by.staff, **scope)
    audit.log("enrol.grant", by=by.staff, at=clock.now(), subject=staff, changes={"role": [None, post.role]})
    follow.follow(school=by.school, day=by.day, by=by)
    return row


def _fits(post: Post) -> None:
    if post.role not in RoleGrant.ROLES:
        raise WrongScope("请选一个岗位。")
    if (post.role in OF_A_CLASS) != (post.school_class is not None):
        raise WrongScope("班主任、包班教师、任课教师、包班行政人员要选班级，其他岗位不用。")
    if (post.role in OF_A_GRADE) != (post.grade is not None):
        raise WrongScope("包级领导、年级组长要选年级，其他岗位不用。")


@transaction.atomic
def revoke(*, grant: RoleGrant, on: date, by) -> None:
    """This function will end a role from a day on; what was done in it stays."""
    may_keep(by)
    if grant.role in KEEPERS and not _other_keepers(grant, by).exists():
        raise LastKeeper
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
        follow.follow(school=by.school, day=by.day, by=by)


def _other_keepers(grant: RoleGrant, by):
    # Somebody with an account who can still open this page tomorrow.
    others = RoleGrant.objects.filter(staff__school=by.school_id, role__in=KEEPERS, valid_to__isnull=True)
    return others.filter(staff__user__isnull=False, staff__left_on__isnull=True).exclude(pk=grant.pk)


@transaction.atomic
def add_class(*, entry_year: int, number: int, by, site: str = "") -> SchoolClass:
    """This function will add a class, or give the one that is there."""
    may_keep(by)
    if not 1 <= number <= 60:
        raise AlreadyThere("班号写 1 到 60 之间的数。")
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
    if (ends_on - starts_on).days > 250:
        raise WrongDates("一个学期超过了八个月，请核对一下年份。")
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


@transaction.atomic
def set_days(*, first: date, last: date, is_school_day: bool, by, reason: str = "") -> None:
    """This function will keep a whole break (or several made-up days), one day after the other, both ends included."""
    for ahead in range((last - first).days + 1):
        set_day(day=first + timedelta(days=ahead), is_school_day=is_school_day, by=by, reason=reason)


def _calendar_changed(by, changes: dict) -> None:
    School.objects.filter(pk=by.school_id).update(calendar_version=F("calendar_version") + 1)
    by.school.refresh_from_db(fields=["calendar_version"])
    audit.log("enrol.calendar", by=by.staff, at=clock.now(), subject=by.school, changes=changes)
