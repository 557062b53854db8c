"""设置: what is still to do, the school's calendar and its classes. People and roles are next door, in staffing."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _

from bangfu.engine.fault import Fault
from bangfu.flow import almanac, school
from bangfu.records.models.digests import NightRun
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import SchoolClass, entry_year_of_grade, school_year_of
from bangfu.records.models.plans import AdoptedPlan
from bangfu.web.formats import day as shown_day
from bangfu.web.formats import grade as grade_title
from bangfu.web.place import Unfinished, address, done, page, render

GRADES = range(1, 10)
LONGEST_BREAK = 40
DAY = timedelta(days=1)


def must_keep(viewer) -> None:
    """This function will refuse, in a sentence, anybody who does not keep the school's settings."""
    if not (viewer.holds(*school.KEEPERS) or viewer.is_leader):
        raise PermissionDenied(
            _("Calendar, classes and people are kept by the principal or the administrator.")
        )


def a_day(request, name: str, what: str) -> date:
    """This function will read a posted date; raises Unfinished with what is missing."""
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise Unfinished([Fault(name, _("%(what)s: write it as a date.") % {"what": what})]) from None


@page
def setup(request) -> HttpResponse:
    """This function will show what is still to do and the ways to each setting."""
    viewer = request.viewer
    must_keep(viewer)
    people = Staff.objects.visible_to(viewer).at_work_on(viewer.day)
    terms = almanac.calendar_for(viewer.school).terms
    pupils = Pupil.objects.visible_to(viewer).on_roll(viewer.day).count()
    classes = SchoolClass.objects.visible_to(viewer).count()
    plans = AdoptedPlan.objects.visible_to(viewer).in_force(viewer.day).count()
    minded = people.filter(grants__role="homeroom_teacher", grants__valid_to__isnull=True).distinct().count()
    steps = [
        (_("Terms and days"), address("setup_calendar"), bool(terms), _("%(n)s terms") % {"n": len(terms)}),
        (_("Import the roll"), _way("intake"), pupils > 0, _("%(n)s pupils") % {"n": pupils}),
        (_("Classes"), address("setup_classes"), classes > 0, _("%(n)s classes") % {"n": classes}),
        (_("People and roles"), address("people"), minded > 0, _("%(n)s people") % {"n": people.count()}),
        (_("Plans"), address("plans"), plans > 0, _("%(n)s in use") % {"n": plans}),
    ]
    steps.append((_("Daily work and reminders"), "", *_clock(viewer)))
    return render(request, "setup/setup.html", {"steps": steps})


def _clock(viewer) -> tuple[bool, str]:
    """Whether a clock looks after the school (bangfu scheduler, bangfu daily), and when it last did."""
    last = NightRun.objects.visible_to(viewer).filter(ended_at__isnull=False).order_by("-day").first()
    if last is None:
        return False, _("Whoever looks after the machine starts it once.")
    return last.day >= viewer.day - DAY, _("last seen to on %(day)s") % {"day": shown_day(last.day)}


def _way(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@page
def calendar(request) -> HttpResponse:
    """This function will show terms, own days and national holidays, and change the first two."""
    viewer = request.viewer
    must_keep(viewer)
    if request.method == "POST":
        return _change_calendar(request)
    terms = list(viewer.school.terms.order_by("starts_on").values("key", "starts_on", "ends_on"))
    known = {term["key"] for term in terms}
    this_year = school_year_of(viewer.day)
    suggested = [
        {"key": key, "starts_on": first, "ends_on": last}
        for year in (this_year, this_year + 1)
        for key, first, last in almanac.usual_terms(year)
        if key not in known
    ]
    recent = [t for t in terms if t["ends_on"] > viewer.day - timedelta(days=400)]
    years = sorted({d.year for t in recent for d in (t["starts_on"], t["ends_on"])} | {viewer.day.year})
    context = {
        "terms": [{**term, "title": almanac.term_title(term["key"])} for term in recent],
        "suggested": [{**term, "title": almanac.term_title(term["key"])} for term in suggested],
        "own_days": list(
            viewer.school.day_overrides.order_by("-day").values("day", "is_school_day", "reason")
        ),
        "years": [_year(year) for year in years],
    }
    return render(request, "setup/calendar.html", context)


def _year(year: int) -> dict:
    off, worked, is_provisional = almanac.national_days(year)
    return {
        "year": year,
        "off": _runs(off, worked),
        "worked": sorted(day for day in worked if day.year == year),
        "is_provisional": is_provisional,
    }


def _runs(off, worked) -> list[tuple[date, date]]:
    # As people say it: the free weekend beside or between holidays belongs to them.
    def is_free(day: date) -> bool:
        return day in off or (day.weekday() > 4 and day not in worked)

    found: list[tuple[date, date]] = []
    for day in sorted(off):
        if found and day <= found[-1][1]:
            continue
        first = last = day
        while is_free(first - DAY):
            first -= DAY
        while is_free(last + DAY):
            last += DAY
        found.append((first, last))
    return found


def _change_calendar(request) -> HttpResponse:
    viewer, posted = request.viewer, request.POST
    if posted.get("what") == "term":
        key = posted.get("key", "")
        if not _is_key(key):
            raise Unfinished([Fault("key", _("Choose a term."))])
        first = a_day(request, "starts_on", _("First day"))
        last = a_day(request, "ends_on", _("Last day"))
        school.set_term(key=key, starts_on=first, ends_on=last, by=viewer)
        return done(request, address("setup_calendar"), _("The term is kept; every due day follows it."))
    day = a_day(request, "day", _("Day"))
    if posted.get("what") == "forget":
        school.set_day(day=day, is_school_day=None, by=viewer)
        return done(request, address("setup_calendar"), _("That day follows the national calendar again."))
    if posted.get("is_school_day") not in ("yes", "no"):
        raise Unfinished([Fault("is_school_day", _("Choose whether there is school on that day."))])
    until = a_day(request, "until", _("Last day")) if posted.get("until") else day
    if not timedelta(0) <= until - day <= timedelta(days=LONGEST_BREAK):
        raise Unfinished([Fault("until", _("The last day should be on or shortly after the first."))])
    kind = posted.get("is_school_day") == "yes"
    school.set_days(first=day, last=until, is_school_day=kind, by=viewer, reason=posted.get("reason", ""))
    return done(request, address("setup_calendar"), _("Kept; every due day follows it."))


def _is_key(key: str) -> bool:
    parts = key.split("-")
    return (
        len(parts) == 3
        and parts[2] in almanac.SEASONS
        and all(p.isdigit() and len(p) == 4 for p in parts[:2])
    )


@page
def classes(request) -> HttpResponse:
    """This function will list the classes with their teachers, and add one."""
    viewer = request.viewer
    must_keep(viewer)
    if request.method == "POST":
        grade, number = request.POST.get("grade", ""), request.POST.get("number", "")
        if not (grade.isdigit() and int(grade) in GRADES and number.isdigit()):
            raise Unfinished([Fault("grade", _("Choose a grade and write the number of the class."))])
        year = entry_year_of_grade(int(grade), viewer.day)
        row = school.add_class(
            entry_year=year, number=int(number), by=viewer, site=request.POST.get("site", "").strip()[:40]
        )
        said = _("%(what)s is there.") % {"what": row.label_on(viewer.day)}
        return done(request, address("setup_classes"), said)
    here = Q(enrolments__valid_to__isnull=True)
    rows = SchoolClass.objects.visible_to(viewer).in_order().annotate(size=Count("enrolments", filter=here))
    minders: dict = {}
    held = Staff.objects.visible_to(viewer).filter(
        grants__valid_to__isnull=True, grants__role__in=("homeroom_teacher", "class_attached_teacher")
    )
    for class_id, role, name in held.values_list("grants__school_class_id", "grants__role", "name"):
        minders.setdefault((class_id, role), []).append(name)
    listed = [
        {
            "label": row.label_on(viewer.day),
            "site": row.site,
            "size": row.size,
            "homeroom": minders.get((row.pk, "homeroom_teacher"), []),
            "attached": minders.get((row.pk, "class_attached_teacher"), []),
        }
        for row in rows
    ]
    return render(
        request,
        "setup/classes.html",
        {"rows": listed, "grades": [(n, grade_title(n)) for n in GRADES]},
    )


urlpatterns = [
    path("settings", setup, name="setup"),
    path("settings/calendar", calendar, name="setup_calendar"),
    path("settings/classes", classes, name="setup_classes"),
]
