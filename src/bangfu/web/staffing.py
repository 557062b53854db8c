"""设置 · 人员: who works here, who is what from which day, accounts to sign in with, and children's absence."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.engine.fault import Fault
from bangfu.flow import excuse, pair, school
from bangfu.records.models.people import Pupil, RoleGrant, Staff
from bangfu.records.models.places import SchoolClass, class_label
from bangfu.web.formats import grade as grade_title
from bangfu.web.me import ROLES
from bangfu.web.place import Unfinished, act, address, done, page, render
from bangfu.web.setup import GRADES, a_day, must_keep

LONGEST_LEAVE = timedelta(days=400)


@page
def people(request) -> HttpResponse:
    """This function will list the staff with their roles, and add those on a pasted list."""
    viewer = request.viewer
    must_keep(viewer)
    if request.method == "POST":
        added = school.add_staff_list(text=request.POST.get("names", ""), by=viewer)
        said = ngettext("%(num)s person added.", "%(num)s people added.", len(added)) % {"num": len(added)}
        return done(request, address("people"), said)
    at_work = Staff.objects.visible_to(viewer).at_work_on(viewer.day)
    rows = at_work.order_by("sort_key").values("id", "name", "initials", "subject", "user__username")
    held = _held(viewer)
    listed = [{**row, "posts": [post["words"] for post in held.get(row["id"], [])]} for row in rows]
    bare = sum(row["user__username"] is None for row in listed)
    return render(request, "setup/people.html", {"rows": listed, "without": bare})


def _held(viewer, staff_id=None) -> dict:
    rows = Staff.objects.visible_to(viewer).filter(grants__valid_to__isnull=True, grants__isnull=False)
    if staff_id:
        rows = rows.filter(pk=staff_id)
    columns = (
        "id",
        "grants__id",
        "grants__role",
        "grants__school_class__entry_year",
        "grants__school_class__number",
        "grants__grade",
        "grants__valid_from",
    )
    found: dict = {}
    for pk, grant_id, role, entry_year, number, grade, since in rows.values_list(*columns):
        place = class_label(entry_year, number, viewer.day) if entry_year else ""
        place = grade_title(grade) if grade else place
        words = f"{place} {_(ROLES[role])}".strip()
        found.setdefault(pk, []).append({"id": grant_id, "words": words, "since": since})
    return found


@page
def person(request, staff_id) -> HttpResponse:
    """This function will show one person's roles and account, and give a role."""
    viewer = request.viewer
    must_keep(viewer)
    staff = _one(viewer, staff_id)
    if request.method == "POST":
        post = _post(request)
        since = a_day(request, "valid_from", _("From which day"))
        school.grant(staff=staff, post=post, valid_from=since, by=viewer)
        return done(request, address("person", staff.pk), _("The role is given."))
    classes = [
        (str(one.pk), one.label_on(viewer.day)) for one in SchoolClass.objects.visible_to(viewer).in_order()
    ]
    context = {
        "person": staff,
        "posts": _held(viewer, staff.pk).get(staff.pk, []),
        "roles": [(role, _(ROLES[role])) for role in RoleGrant.ROLES if role != "inspector"],
        "classes": classes,
        "grades": [(grade, grade_title(grade)) for grade in GRADES],
        "username": staff.user.username if staff.user_id else school.suggest_username(staff),
    }
    return render(request, "setup/person.html", context)


def _one(viewer, staff_id) -> Staff:
    rows = Staff.objects.visible_to(viewer).at_work_on(viewer.day).select_related("user", "school")
    return get_object_or_404(rows, pk=staff_id)


def _post(request) -> school.Post:
    role = request.POST.get("role", "")
    school_class, grade = None, None
    if role in school.OF_A_CLASS and (class_id := _uuid(request.POST.get("school_class", ""))):
        school_class = get_object_or_404(SchoolClass.objects.visible_to(request.viewer), pk=class_id)
    if role in school.OF_A_GRADE and request.POST.get("grade", "").isdigit():
        grade = int(request.POST["grade"])
    return school.Post(role, school_class, grade)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@act
def role_end(request, staff_id, grant_id) -> HttpResponse:
    """This function will end a role from today on."""
    viewer = request.viewer
    must_keep(viewer)
    staff = _one(viewer, staff_id)
    school.revoke(grant=get_object_or_404(staff.grants.all(), pk=grant_id), on=viewer.day, by=viewer)
    return done(request, address("person", staff.pk), _("The role has ended. What was done in it stays."))


@page
def account(request, staff_id) -> HttpResponse:
    """This function will give an account or a new password, shown this once on the page that answers."""
    viewer = request.viewer
    must_keep(viewer)
    staff = _one(viewer, staff_id)
    if request.method != "POST":
        return person(request, staff_id)
    password = school.starting_password()
    user = school.give_account(
        staff=staff, username=request.POST.get("username", ""), password=password, by=viewer
    )
    return render(request, "setup/slips.html", {"slips": [(staff.name, user.username, password)]})


@page
def accounts(request) -> HttpResponse:
    """This function will give everybody without an account one, and show the slips to cut and hand out."""
    must_keep(request.viewer)
    if request.method != "POST":
        return people(request)
    opened = school.open_accounts(by=request.viewer)
    slips = [(staff.name, username, password) for staff, username, password in opened]
    return render(request, "setup/slips.html", {"slips": slips})


@act
def departure(request, staff_id) -> HttpResponse:
    """This function will note that somebody left the school."""
    viewer = request.viewer
    must_keep(viewer)
    staff = _one(viewer, staff_id)
    if staff.pk == viewer.staff.pk:
        raise school.LastKeeper(
            _("You cannot take yourself off the list. Ask somebody else who keeps the settings.")
        )
    school.leave_school(staff=staff, on=viewer.day, by=viewer)
    said = _("%(who)s has left; the account no longer opens.") % {"who": staff.name}
    helps = staff.pairings.in_force(viewer.day).exists() and viewer.holds(*pair.DECIDERS)
    then = (_("Change helpers"), address("rearrange")) if helps else None
    return done(request, address("people"), said, then=then)


def stretch(request):
    """This function will read the first and the last day of a form."""
    first = a_day(request, "starts_on", _("First day"))
    last = a_day(request, "ends_on", _("Last day"))
    if last - first > LONGEST_LEAVE:
        raise Unfinished([Fault("ends_on", _("That is more than a year; look at the dates once more."))])
    return first, last


@page
def absence(request) -> HttpResponse:
    """This function will note that a child is away for some days, so that nothing is owed in them."""
    viewer = request.viewer
    mine = Pupil.objects.visible_to(viewer).on_roll(viewer.day)
    if request.method == "POST":
        pupil_id = _uuid(request.POST.get("pupil", ""))
        if pupil_id is None:
            raise Unfinished([Fault("pupil", _("Choose the pupil."))])
        pupil = get_object_or_404(mine, pk=pupil_id)
        first, last = stretch(request)
        reason = request.POST.get("reason", "").strip()[:60]
        excuse.note_absence(pupil=pupil, starts_on=first, ends_on=last, by=viewer, reason=reason)
        said = _("Noted. Nothing is owed for %(who)s in those days.") % {"who": pupil.name}
        return done(request, address("absence"), said)
    wish = request.GET.get("q", "").strip()
    found = []
    if wish:
        fits = mine.filter(Q(name__contains=wish) | Q(initials__startswith=wish.lower()))
        rows = fits.filter(enrolments__valid_to__isnull=True).order_by("sort_key")
        columns = ("id", "name", "enrolments__school_class__entry_year", "enrolments__school_class__number")
        found = [
            (str(pk), f"{name} {class_label(entry_year, number, viewer.day)}")
            for pk, name, entry_year, number in rows.values_list(*columns)[:12]
        ]
    still = Q(absences__ends_on__gte=viewer.day) | Q(
        absences__starts_on__isnull=False, absences__ends_on__isnull=True
    )
    away = mine.filter(still).order_by("absences__starts_on")
    columns = ("name", "absences__starts_on", "absences__ends_on", "absences__reason")
    return render(
        request,
        "setup/absence.html",
        {"wish": wish, "found": found, "away": list(away.values_list(*columns))},
    )


urlpatterns = [
    path("settings/people", people, name="people"),
    path("settings/people/accounts", accounts, name="accounts"),
    path("settings/people/<uuid:staff_id>", person, name="person"),
    path("settings/people/<uuid:staff_id>/account", account, name="account"),
    path("settings/people/<uuid:staff_id>/departure", departure, name="departure"),
    path("settings/people/<uuid:staff_id>/roles/<uuid:grant_id>/end", role_end, name="role_end"),
    path("settings/absence", absence, name="absence"),
]
