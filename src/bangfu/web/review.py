"""交本月记录: the sheet is already compiled; the teacher looks and hands it in, the supervisor asks, seals and files.

P9-10, P9-23, P9-39 and P9-41 end here. Nothing is typed again that a record already says.
"""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.flow import adopt, month, review, sheet, term_words
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import MonthSheet
from bangfu.web.formats import listed
from bangfu.web.place import act, address, back, done, page, render
from bangfu.web.record_form import activity_names

TERMS_BACK = 2


@dataclass(frozen=True, slots=True)
class Written:
    """One record as the sheet shows it."""

    on: date
    what: str
    by: str
    note: str
    late: date | None


@dataclass(frozen=True, slots=True)
class Child:
    """One child of a sheet: what is still missing, in words, and the records."""

    name: str
    place: str
    enough: bool
    missing: tuple[str, ...]
    counts: tuple[str, ...]
    records: tuple[Written, ...]


def children_of(content: dict) -> tuple[Child, ...]:
    """This function will put a compiled sheet into the words of the page, in its own order."""
    return tuple(_child(line) for line in content.get("children", ()))


def _child(line: dict) -> Child:
    together: dict[tuple, list[str]] = {}
    for duty in line["duties"]:
        if duty["missing"]:
            title = duty["title"].removeprefix("每周").removeprefix("每月")
            together.setdefault(tuple(duty["missing"]), []).append(title)
    return Child(
        name=line["name"],
        place=line["class"],
        enough=line["enough"],
        missing=tuple(f"{listed(periods)} {listed(titles)}" for periods, titles in together.items()),
        counts=tuple(f"{d['title']} {d['done']} / {d['of'] - d['excused']}" for d in line["duties"]),
        records=tuple(_written(one) for one in line["records"]),
    )


def _written(one: dict) -> Written:
    on, written_on = date.fromisoformat(one["on"]), date.fromisoformat(one["written_on"])
    return Written(
        on, activity_names(one["activities"]), one["by"], one["note"], written_on if written_on > on else None
    )


@page
def handin(request) -> HttpResponse:
    """This function will show the month that waits for me, else the month now; who only checks goes to the sheets."""
    viewer = request.viewer
    mine = month.mine(viewer)
    if not mine and _looks(viewer) and (begun := month.begun(viewer.school, viewer.day)):
        return HttpResponseRedirect(address("handin_sheets", begun[0].key))
    waiting = [one for one in mine[:2] if one.sheet is None or one.sheet.state == "asked"]
    return _show(request, mine, (waiting or mine)[-1 if waiting else 0].period if mine else None)


@page
def handin_month(request, key: str) -> HttpResponse:
    """This function will show one month of mine, and take it in."""
    period = _period(request, key)
    if request.method != "POST":
        return _show(request, month.mine(request.viewer), period)
    plan = _plan(request, period)
    review.hand_in(plan=plan, period=period, by=request.viewer, remark=request.POST.get("remark", ""))
    return done(request, address("handin_month", key), _("Handed in. Thank you."))


def _show(request, mine: list, period) -> HttpResponse:
    viewer = request.viewer
    here = [one for one in mine if period and one.period.key == period.key]
    later = sheet.later_records([one.sheet for one in here if one.sheet])
    parts = [
        {
            "month": one,
            "children": children_of(content_of(one, viewer)),
            "later": later.get(one.sheet.pk, 0) if one.sheet else 0,
            "amendments": _amendments(one.sheet) if one.sheet else (),
        }
        for one in here
    ]
    context = {
        "period": period,
        "parts": parts,
        "mine": [one for one in mine if one not in here],
        "looks": _looks(viewer),
        "summaries": _summaries(viewer),
        "in_vacation": calendar_for(viewer.school).term_on(viewer.day) is None,
    }
    return render(request, "review/month.html", context)


def content_of(one, viewer) -> dict:
    """This function will give a month of mine as it was handed in, or as it would be now."""
    if one.sheet is not None and one.sheet.state != "asked":
        return one.sheet.content
    return review.compile_sheet(
        plan=one.plan, helper=viewer.staff, school=viewer.school, period=one.period, day=viewer.day
    )


def _amendments(handed) -> list[tuple]:
    return list(handed.amendments.order_by("at").values_list("at", "by__name", "note"))


def _summaries(viewer) -> list[tuple]:
    """My terms with children: (key, title, plan key, plan, whether it is written), newest first."""
    written = month.summaries(viewer)
    begun = [t for t in calendar_for(viewer.school).terms if t.starts_on <= viewer.day]
    found = []
    for term in sorted(begun, key=lambda t: t.starts_on, reverse=True)[:TERMS_BACK]:
        for plan in adopt.plans_in_force(viewer.school, min(viewer.day, term.ends_on)):
            if sheet.cases_of(viewer.staff, plan, term.starts_on, term.ends_on).exists():
                is_written = (plan.key, term.key) in written
                found.append((term.key, term.title, plan.key, plan.short_title, is_written))
    return found


@act
def handin_note(request, key: str) -> HttpResponse:
    """This function will add the explanation of later records to my sealed month."""
    handed = _own_sheet(request, key)
    review.amend(
        sheet=handed,
        plan=_plan(request, _period(request, key)),
        note=request.POST.get("note", ""),
        by=request.viewer,
    )
    return done(request, address("handin_month", key), _("The explanation is added and stays visible."))


@page
def handin_sheets(request, key: str) -> HttpResponse:
    """This function will show the supervisor who has handed in, in class order, and which sheets are not in yet."""
    viewer, period = request.viewer, _period(request, key)
    if not _looks(viewer):
        raise Http404
    plans = adopt.plans_in_force(viewer.school, min(viewer.day, period.due_on))
    parts = [
        (plan, sheet.hand_in_due(plan, viewer.school, period), month.to_check(viewer, plan, period))
        for plan in plans
    ]
    begun = month.begun(viewer.school, viewer.day)
    checkable = {one.pk for one in month.sheets_to_check(viewer, period)}
    context = {
        "period": period,
        "parts": [part for part in parts if part[1]],
        "months": [one for one in begun[: month.MOST_MONTHS] if one.key != key],
        "checks": viewer.holds(*review.CHECKERS),
        "ready": sum(
            one.sheet is not None and one.sheet.state == "handed_in" and one.sheet.pk in checkable
            for part in parts
            for one in part[2]
        ),
    }
    return render(request, "review/sheets.html", context)


@act
def handin_seal(request, key: str) -> HttpResponse:
    """This function will seal one sheet, or all that wait for nothing."""
    sheets = month.sheets_to_check(request.viewer, _period(request, key))
    if wanted := request.POST.get("sheet"):
        sheets = [one for one in sheets if str(one.pk) == wanted]
        if not sheets:
            raise Http404
    count = review.seal_all(sheets=sheets, by=request.viewer)
    if not count:
        return done(request, back(request), _("There was nothing to seal."))
    said = ngettext(
        "%(num)s sheet sealed. Later changes stay visible.",
        "%(num)s sheets sealed. Later changes stay visible.",
        count,
    )
    return done(request, address("handin_sheets", key), said % {"num": count})


@page
def handin_sheet(request, key: str, sheet_id) -> HttpResponse:
    """This function will show one sheet as it was handed in, and ask for one more sentence."""
    viewer, period = request.viewer, _period(request, key)
    rows = MonthSheet.objects.visible_to(viewer).filter(pk=sheet_id, month=sheet.first_day(period))
    handed = rows.select_related("helper", "school", "asked_by", "sealed_by").first()
    if handed is None:
        raise Http404
    if request.method == "POST":
        review.ask(sheet=handed, question=request.POST.get("question", ""), by=viewer)
        return done(request, address("handin_sheets", key), _("Asked. The teacher sees it under this month."))
    context = {
        "period": period,
        "sheet": handed,
        "children": children_of(handed.content),
        "later": sheet.later_records([handed]).get(handed.pk, 0),
        "amendments": _amendments(handed),
        "checks": handed.pk in {one.pk for one in month.sheets_to_check(viewer, period)},
    }
    return render(request, "review/sheet.html", context)


@page
def summary(request, term_key: str) -> HttpResponse:
    """This function will show the term in counted figures and keep a few sentences beside them."""
    viewer = request.viewer
    term = next((t for t in calendar_for(viewer.school).terms if t.key == term_key), None)
    if term is None:
        raise Http404
    plans = adopt.plans_in_force(viewer.school, min(viewer.day, term.ends_on))
    plans = [p for p in plans if sheet.cases_of(viewer.staff, p, term.starts_on, term.ends_on).exists()]
    asked = request.POST.get("plan") or request.GET.get("plan")
    plan = next((p for p in plans if p.key == asked), plans[0] if plans else None)
    if plan is None:
        raise Http404
    if request.method == "POST":
        review.summarise(plan=plan, term_key=term_key, text=request.POST.get("text", ""), by=viewer)
        return done(request, address("handin"), _("The summary is kept. You can still change it."))
    written = month.summaries(viewer).get((plan.key, term_key))
    figures = sheet.term_figures(plan=plan, helper=viewer.staff, term=term)
    counted = [(activity_names([key]), count) for key, count in figures["activities"].items()]
    draft = "" if written else term_words.draft(plan=plan, helper=viewer.staff, term=term)
    context = {"term": term, "plan": plan, "figures": figures, "counted": counted}
    context |= {"draft": draft, "text": written.text if written else draft, "several": len(plans) > 1}
    return render(request, "review/summary.html", context)


def _looks(viewer) -> bool:
    return viewer.is_leader or bool(viewer.entry_years)


def _period(request, key: str):
    period = review.period_of_key(request.viewer.school, key)
    if period is None or period.opens_on > request.viewer.day:
        raise Http404
    return period


def _plan(request, period):
    wanted = request.POST.get("plan", "")
    for plan in adopt.plans_in_force(request.viewer.school, min(request.viewer.day, period.due_on)):
        if plan.key == wanted:
            return plan
    raise Http404


def _own_sheet(request, key: str) -> MonthSheet:
    first = sheet.first_day(_period(request, key))
    rows = MonthSheet.objects.visible_to(request.viewer)
    handed = rows.filter(
        helper=request.viewer.staff, month=first, plan_key=request.POST.get("plan", "")
    ).first()
    if handed is None:
        raise Http404
    return handed


urlpatterns = [
    path("handin", handin, name="handin"),
    path("handin/summary/<str:term_key>", summary, name="term_summary"),
    path("handin/<str:key>", handin_month, name="handin_month"),
    path("handin/<str:key>/note", handin_note, name="handin_note"),
    path("handin/<str:key>/sheets", handin_sheets, name="handin_sheets"),
    path("handin/<str:key>/sheets/<uuid:sheet_id>", handin_sheet, name="handin_sheet"),
    path("handin/<str:key>/seal", handin_seal, name="handin_seal"),
]
