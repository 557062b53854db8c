"""今日待办: what falls to me, in windows and in reading order, with 没做成 and its undo. Works without a script.

P9-03, P9-15, P9-16, P9-23, P9-37 and P9-40 meet their people here; nothing on this page counts or compares them.
"""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.engine import why
from bangfu.flow import adopt, appointments, care_danger, ending, hardship, pair, pauses, recognition
from bangfu.flow import agenda as verbs
from bangfu.records.models.places import class_label
from bangfu.web import attendance, noted, record_whom
from bangfu.web.formats import day, days, listed
from bangfu.web.place import act, address, back, done, page, render
from bangfu.web.record_form import activity_names

REASONS = (
    ("leave", N_("I was on leave")),
    ("holiday", N_("School holiday")),
    ("child_away", N_("The child was away")),
    ("nobody_home", N_("Nobody at home")),
    ("no_road", N_("The road was closed")),
    ("too_much", N_("Too much to do")),
    ("other", N_("Another reason")),
)
AT_HOME = ("nobody_home", "no_road")  # only where a family is visited or called
MOST_OLDER = 20
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page shows it."""

    who: str
    what: str
    pill: tuple[str, str]
    href: str
    record: str
    button: str
    cells: tuple[str, ...] = ()  # what 没做成 would settle
    at_home: bool = False
    is_family: bool = False
    also: str = ""  # the other plans it counts for
    why: tuple[str, ...] = ()  # each plan's clause; no fact about the child: lists are read over shoulders
    moves: str = ""  # where it is put on a day, or somebody is asked to stand in


@page
def today(request) -> HttpResponse:
    """This function will show what waits today, this week and this month."""
    viewer = request.viewer
    found = verbs.agenda(viewer)
    noted.tell(request, found)
    groups = (
        ("today", _("For today"), found.today),
        ("week", _("Any time this week"), found.week),
        ("late", _("Can still be added"), found.late),
    )
    context = {
        "title": _greeting(viewer, found),
        "head": _head(found),
        "note": _pause(found) or _rests(viewer),
        "groups": [(key, name, [_line(row, found) for row in rows]) for key, name, rows in groups if rows],
        "later": [_line(row, found) for row in found.later],
        "older": [_line(row, found) for row in found.older[:MOST_OLDER]],
        "older_count": len(found.older),
        "done_count": found.done_count,
        "month": [month_card(one, found.day) for one in found.month],
        "done": [(address("record", pk), _done_line(activities, names)) for pk, activities, names in found.done],
        "week_number": found.calendar.teaching_week(found.day),
        "can_choose": bool(record_whom.shared(found.today + found.week)),
        "everyone": [(one, uuid4()) for one in record_whom.confirmable(found)],
        "helped": sorted({d.name: d.sort_key for d in found.helped}.items(), key=lambda one: one[1]),
        "is_fresh": found.is_fresh,
        "has_plans": bool(found.plans),
        "waits": found.waits,
        "attendance_line": attendance.line(viewer),
        "ending": ending.count(viewer),
        "asked": _asked(viewer),
        "seat": recognition.seat_of(viewer),
        "alarms": len(care_danger.waiting(viewer)),
        "reasons": {
            at_home: [(key, _(words)) for key, words in REASONS if at_home or key not in AT_HOME]
            for at_home in (False, True)
        },
        "sudden": hardship.count(viewer) if viewer.holds(*hardship.ANSWERERS) else 0,
    }
    return render(request, "today/today.html", context)


def _asked(viewer) -> tuple[int, str] | None:
    """How many pairs wait until I take them on, and where that is said."""
    keys = pair.unanswered(viewer)
    if not keys:
        return None
    words = dict(zip(("plan", "kind"), keys[0], strict=True))
    return len(keys), f"{address('pairs')}?{urlencode(words)}#mine"


def _greeting(viewer, found) -> str:
    return _("%(name)s, here is your day") % {"name": viewer.staff.name}


def _head(found) -> str:
    n = len(found.today)
    if n:
        minutes = max(5, -(-found.minutes // 5) * 5)
        first = ngettext(
            "Today there is %(n)s thing, about %(m)s minutes.",
            "Today there are %(n)s things, about %(m)s minutes.",
            n,
        ) % {"n": n, "m": minutes}
        return first + (_("The rest can be done any day this week.") if found.week else "")
    if found.done_count:
        count = found.done_count
        first = ngettext("Today's is done, %(n)s thing.", "Today's is done, %(n)s things.", count) % {
            "n": count
        }
        return first + (_("The rest can be done any day this week.") if found.week else "")
    if found.week:
        return _("Nothing has to be done today.") + _("What follows can be done any day this week.")
    return _("Nothing has to be done today.")


def _pause(found) -> str:
    if found.stands_in:
        return _("While you are on leave, %(who)s looks after these pupils.") % {"who": found.stands_in}
    if found.calendar.terms and found.calendar.term_on(found.day) is None:
        season = _("The winter holiday") if found.day.month in (1, 2, 3) else _("The summer holiday")
        return _("%(season)s: duties are paused. You can still record something when needed.") % {
            "season": season
        }
    if found.day.weekday() < 5 and not found.calendar.is_school_day(found.day):
        return _("No school today. You can still record something when needed.")
    return ""


def _line(row: verbs.Row, found: verbs.Agenda) -> Line:
    label = class_label(*row.class_of, found.day) if row.class_of[0] else ""
    if row.kind == "survey":
        who, what = (
            label,
            _("Survey")
            if not row.children
            else _("Survey: %(names)s, new here") % {"names": listed(row.names)},
        )
        return Line(who, what, _pill(row, found), "", address("survey"), _("Open the survey"), also=_for(row))
    if row.kind == "place":
        kind, pk = row.place
        sheet = address("record_class", pk) if kind == "class" else address("record_school")
        pill, record = _pill(row, found), f"{sheet}?{urlencode([('activity', row.activity)])}"
        return Line(row.label, listed(row.titles), pill, "", record, _("Record"), also=_also(row))
    who = listed(row.names)
    ids = tuple(child.id for child in row.children)
    if row.kind == "decision":
        file, decide = address("pupil", ids[0]), address("decisions")
        return Line(who, listed(row.titles), _pill(row, found), file, decide, _("Decide"))
    asks = [("pupil", pk) for pk in ids] + [("activity", row.activity)]
    if row.due_on < found.day:
        asks.append(("on", row.due_on.isoformat()))
    return Line(
        who=who,
        what=_few(row.titles),
        pill=_pill(row, found),
        href=address("pupil", ids[0]),
        record=f"{address('record_new')}?{urlencode(asks)}",
        button=_("Record"),
        at_home="guardian_contact" in row.accepts,
        cells=row.cells,
        is_family=len(ids) > 1,
        also=listed(words for words in (_in_place(row, found), _also(row)) if words),
        why=_why(row),
        moves=f"{address('arranged')}?row={appointments.code(row)}" if row.due_on >= found.day else "",
    )


def _in_place(row: verbs.Row, found: verbs.Agenda) -> str:
    names = {found.in_place[child.case_id] for child in row.children if child.case_id in found.in_place}
    return (
        _("In these days %(who)s looks after this pupil.") % {"who": listed(sorted(names))} if names else ""
    )


def _rests(viewer) -> str:
    """Plans that rest today, said once on top."""
    said = [
        _("%(what)s rests: %(why)s") % {"what": line.plan, "why": line.row.because}
        for line in pauses.of_plans(viewer)
        if line.row.starts_on <= viewer.day
    ]
    return listed(said)


def _why(row: verbs.Row) -> tuple[str, ...]:
    labels = adopt.shelf().commons.labels
    return tuple(why.of_duty(plan, standing, labels) for plan, standing in row.because)


def _for(row: verbs.Row) -> str:
    return _("For %(plans)s.") % {"plans": listed(row.plans)} if row.plans[1:] else ""


def _also(row: verbs.Row) -> str:
    if len(row.plans) > MOST_NAMED:
        return _("Recorded once, counts for %(n)s plans.") % {"n": len(row.plans)}
    return _("Counts for %(plans)s, recorded once.") % {"plans": listed(row.plans)} if row.plans[1:] else ""


def _few(titles) -> str:
    """The first few by name, the others counted: a row is read at a glance."""
    if len(titles) <= MOST_NAMED:
        return listed(titles)
    return _("%(what)s and %(n)s more") % {
        "what": listed(titles[: MOST_NAMED - 1]),
        "n": len(titles) - MOST_NAMED + 1,
    }


def _pill(row, found) -> tuple[str, str]:
    if (kept := found.on_a_day(row)) and kept.on >= found.day:
        words = _("today") if kept.on == found.day else day(kept.on)
        return _("agreed for %(when)s") % {"when": f"{words} {kept.at:%H:%M}" if kept.at else words}, "info"
    if row.due_on < found.day:
        gone = (found.day - row.due_on).days
        words = ngettext("%(n)s day ago, can be added", "%(n)s days ago, can be added", gone) % {"n": gone}
        return (words, "late") if gone <= verbs.RECENT.days else (days(row.opens_on, row.due_on), "")
    if row in found.today:
        return _("by this evening"), "due"
    if row in found.later:
        return _("until %(day)s") % {"day": day(row.due_on)}, ""
    return days(row.opens_on, row.due_on), "due"


def month_card(one, today) -> dict:
    """This function will put a month to hand in, or a term to sum up, into the words of its card."""
    missing = [_("%(what)s %(n)s times") % {"what": title, "n": n} for title, n in one.missing]
    if one.kind == "summary":
        title = one.title
    else:
        title = _("Records of %(month)s") % {"month": one.period_title}
    words = {
        "pupils": ngettext("%(n)s pupil", "%(n)s pupils", one.children) % {"n": one.children},
        "records": ngettext("%(n)s record so far", "%(n)s records so far", one.records) % {"n": one.records},
        "missing": listed(missing),
    }
    if missing:
        so_far = _("%(pupils)s, %(records)s. Still missing: %(missing)s.") % words
    else:
        so_far = _("%(pupils)s, %(records)s, enough.") % words
    return {
        "title": title,
        "so_far": so_far,
        "enough": not missing,
        "due": one.due_on,
        "is_late": today > one.due_on,
        "is_asked": one.is_asked,
        "href": address("handin") if one.kind == "hand_in" else address("reports"),
        "is_summary": one.kind == "summary",
    }


def _done_line(activities, names) -> str:
    return f"{listed(names)} {activity_names(activities)}"


@act
def not_possible(request) -> HttpResponse:
    """This function will note that something could not be done, with a reason and an undo."""
    posted = request.POST
    waivers = verbs.set_aside(
        cells=posted.getlist("cell"), reason=posted.get("reason", ""), by=request.viewer
    )
    undo = f"{address('taken_up')}?{urlencode([('of', waiver.pk) for waiver in waivers])}"
    return done(request, back(request), _("Noted as not possible. Nothing more is asked for it."), undo=undo)


@act
def taken_up(request) -> HttpResponse:
    """This function will put back what was noted as not possible."""
    try:
        ids = [UUID(text) for text in request.GET.getlist("of")]
    except ValueError as broken:
        raise Http404 from broken
    verbs.take_up_again(waiver_ids=ids, by=request.viewer)
    return done(request, back(request), _("It is back on the list."))


urlpatterns = [
    path("", today, name="today"),
    path("duties/not-possible", not_possible, name="not_possible"),
    path("duties/taken-up", taken_up, name="taken_up"),
]
