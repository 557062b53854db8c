"""我的: my roles and why I can see what I see, language and text size, all pages, signing out."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_POST

from bangfu.flow import account, deputies
from bangfu.records.models.places import SchoolClass
from bangfu.web import reminders
from bangfu.web.formats import grade
from bangfu.web.place import address, back, done, page, render

YEAR = 365 * 24 * 60 * 60
ROLES = {
    "principal": N_("Principal"),
    "vice_principal": N_("Vice principal"),
    "union_chair": N_("Union chair"),
    "grade_supervisor": N_("Grade supervisor"),
    "grade_head": N_("Grade head"),
    "homeroom_teacher": N_("Class teacher"),
    "class_attached_teacher": N_("Teacher attached to the class"),
    "subject_teacher": N_("Subject teacher"),
    "aid_officer": N_("Aid officer"),
    "roll_officer": N_("Roll officer"),
    "counsellor": N_("Counsellor"),
    "system_admin": N_("System administrator"),
    "committee_member": N_("Member of the school committee"),
    "moral_education": N_("Member of the moral education group"),
    "class_administrator": N_("Administrator attached to the class"),
    "area_staff": N_("Staff of the area"),
    "station_keeper": N_("Head of the support station"),
    "inspector": N_("Guest who inspects"),
}
SEES = {
    "principal": N_("every pupil of the school, because you lead it"),
    "vice_principal": N_("every pupil of the school, because you lead it"),
    "union_chair": N_("every pupil of the school, because you lead it"),
    "grade_supervisor": N_("the pupils of this grade and their records, because you check them each month"),
    "grade_head": N_("the pupils of this grade and their records"),
    "homeroom_teacher": N_("the pupils of this class, because you are their class teacher"),
    "class_attached_teacher": N_("the pupils of this class, because you are attached to it"),
    "subject_teacher": N_("the names of this class; records only of the pupils you help"),
    "aid_officer": N_("the roll of the school, but not talks and notes"),
    "roll_officer": N_("the roll of the school, but not talks and notes"),
    "counsellor": N_("only pupils you help or who were referred to you"),
    "system_admin": N_("the roll and the settings, but not talks and notes"),
    "committee_member": N_("only pupils you help"),
    "moral_education": N_("pupils of the plans that name the moral education group, and pupils you help"),
    "class_administrator": N_("only pupils you help"),
    "area_staff": N_("only pupils you help"),
    "station_keeper": N_("only pupils you help"),
    "inspector": N_("what was done and when, read only, until the day your visit ends"),
}


@dataclass(frozen=True)
class Held:
    """One role of mine today, and what it lets me see."""

    role: str
    place: str
    sees: str


@page
def me(request) -> HttpResponse:
    """This function will show who I am here and why I see what I see."""
    viewer = request.viewer
    ids = [grant.school_class_id for grant in viewer.grants if grant.school_class_id]
    classes = SchoolClass.objects.visible_to(viewer).in_bulk(ids) if ids else {}
    held = [_held(grant, classes, viewer.day) for grant in viewer.grants]
    languages = [(code, name, code == request.LANGUAGE_CODE) for code, name in settings.LANGUAGES]
    context = {"held": held, "languages": languages, "reminders": reminders.card(viewer)}
    context["away"] = deputies.near(viewer)
    return render(request, "account/me.html", context)


def _held(grant, classes, day) -> Held:
    school_class = classes.get(grant.school_class_id)
    place = str(school_class.label_on(day)) if school_class else ""
    if grant.grade:
        place = grade(grant.grade)
    return Held(
        _(ROLES.get(grant.role, grant.role)), place, _(SEES.get(grant.role, "")) if grant.role in SEES else ""
    )


@page
def password(request) -> HttpResponse:
    """This function will let me change my own password and keep me signed in."""
    if request.method == "POST":
        old, new, again = (request.POST.get(name, "") for name in ("old", "new", "again"))
        user = account.change_password(user=request.user, old=old, new=new, again=again, by=request.viewer)
        update_session_auth_hash(request, user)
        return done(request, address("me"), _("Your password is changed."))
    return render(request, "account/password.html")


@login_not_required
@require_POST
def speak(request) -> HttpResponse:
    """This function will remember the language chosen, on this device."""
    response = HttpResponseRedirect(back(request))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


@login_not_required
@require_POST
def size(request) -> HttpResponse:
    """This function will remember the size of text chosen, on this device."""
    response = HttpResponseRedirect(back(request))
    _keep(response, "text", "large" if request.POST.get("text") == "large" else "normal")
    return response


def _keep(response, name, value):
    response.set_cookie(
        name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


urlpatterns = [
    path("me", me, name="me"),
    path("me/password", password, name="password"),
    path("me/language", speak, name="language"),
    path("me/text", size, name="text_size"),
]
