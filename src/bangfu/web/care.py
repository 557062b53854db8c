"""关心: whoever knows a child asks the counsellor and sees that it is taken on; the counsellor's box, children, groups.

Titles, addresses and lists of others say nothing; what was said stands on the counsellor's pages alone. P0-28, P0-30.
"""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.flow import care, care_advice, care_danger, care_glass, care_notes, sent
from bangfu.flow.register import classes_of
from bangfu.records.models import CareCase, Pupil, Referral, Staff
from bangfu.records.models.care import is_counsellor
from bangfu.web.place import act, address, done, page, render
from bangfu.web.record_form import as_uuid

OUTCOMES = {
    "settled": N_("Better now"),
    "elsewhere": N_("Somebody else helps"),
    "stopped": N_("The child or the family stops"),
    "left_school": N_("Left the school"),
}
AUDIENCES = {"class_teacher": N_("Class teacher"), "helpers": N_("Helpers"), "both": N_("Both")}
WAYS = {"paper": N_("On paper, signed"), "in_person": N_("In person"), "phone": N_("By phone")}
FOUND = 30


@page
def care_home(request) -> HttpResponse:
    """This function will show what waits, one's own children if one counsels, what one asked, and where to come."""
    viewer, counsels = request.viewer, is_counsellor(request.viewer)
    cases = _cases(viewer) if counsels else []
    context = {
        "counsels": counsels,
        "room": care.room(viewer),
        "rules": care.rules(viewer),
        "counsellors": care.counsellors(viewer),
        "waiting": _waiting(viewer) if counsels else [],
        "cases": [one for one in cases if one[0].closed_on is None],
        "ended": [one for one in cases if one[0].closed_on],
        "asked": care_advice.asked(viewer),
        "alarms": care_danger.waiting(viewer),
        "glasses": [one for one in care_glass.listed(viewer) if one.state == "asked"],
        "alone": care.left_alone(viewer),
        "may_glass": care_glass.may(viewer),
        "may_rule": counsels or viewer.holds("principal"),
        "to_forget": care_notes.to_forget(viewer),
    }
    return render(request, "care/care.html", context)


def _waiting(viewer) -> list[tuple]:
    rows = list(
        Referral.objects.visible_to(viewer)
        .filter(state="waiting")
        .select_related("pupil", "by")
        .order_by("at")
    )
    labels = classes_of([one.pupil_id for one in rows], viewer.day)
    return [(one, labels.get(one.pupil_id, ("",))[0], care.seen_in(one, viewer)) for one in rows]


def _cases(viewer) -> list[tuple]:
    rows = list(CareCase.objects.visible_to(viewer).select_related("pupil").order_by("next_on", "opened_on"))
    labels = classes_of([one.pupil_id for one in rows], viewer.day)
    return [(one, labels.get(one.pupil_id, ("",))[0]) for one in rows]


@page
def care_refer(request) -> HttpResponse:
    """This function will let somebody who knows a child say what was seen; first the child is chosen.

    The name looked for is posted: an address is written down on its way, and this one would tell on a child.
    """
    viewer, wanted = request.viewer, as_uuid(request.POST.get("pupil", "") or request.GET.get("pupil", ""))
    if wanted is None:
        words = request.POST.get("q", "").strip()[:40]
        found = Pupil.objects.visible_to(viewer).on_roll(viewer.day)
        found = found.filter(name__icontains=words) if words else found.none()
        return render(request, "care/whom.html", {"words": words, "found": _labelled(found, viewer)})
    pupil = get_object_or_404(Pupil.objects.visible_to(viewer), pk=wanted)
    if request.method == "POST":
        seen = care.Seen(tuple(request.POST.getlist("seen")), request.POST.get("note", ""))
        care.refer(pupil=pupil, seen=seen, by=viewer)
        return done(request, address("care"), _("Passed on. Only the counsellor reads it."))
    context = {"pupil": pupil, "chips": [(one, one) for one in care.SEEN]}
    return render(request, "care/refer.html", context)


def _labelled(found, viewer) -> list[tuple]:
    rows = list(found.order_by("sort_key")[:FOUND])
    labels = classes_of([one.pk for one in rows], viewer.day)
    return [(one, labels.get(one.pk, ("",))[0]) for one in rows]


def _referral(request, referral_id: UUID) -> Referral:
    return get_object_or_404(Referral.objects.visible_to(request.viewer), pk=referral_id)


@act
def care_take(request, referral_id: UUID) -> HttpResponse:
    """This function will take a referral on."""
    case = care.take_on(referral=_referral(request, referral_id), by=request.viewer)
    return done(request, address("care_case", case.pk), _("Taken on. Whoever asked sees only that."))


@act
def care_answer(request, referral_id: UUID) -> HttpResponse:
    """This function will answer a referral with a word."""
    text = request.POST.get("text", "")
    care.answer(referral=_referral(request, referral_id), text=text, by=request.viewer)
    return done(request, address("care"), _("Answered."))


@act
def care_back(request, referral_id: UUID) -> HttpResponse:
    """This function will take one's own referral back."""
    referral = get_object_or_404(
        Referral.objects.visible_to(request.viewer), pk=referral_id, by=request.viewer.staff
    )
    care.take_back(referral=referral, by=request.viewer)
    return done(request, address("care"), _("Taken back, and what you wrote is gone."))


@page
def care_group(request) -> HttpResponse:
    """This function will take one note for several of one's children."""
    viewer = request.viewer
    care.must_counsel(viewer)
    if request.method == "POST":
        cases = CareCase.objects.visible_to(viewer).filter(pk__in=_ids(request.POST.getlist("case")))
        row = care_notes.hold_group(cases=cases, said=said_in(request.POST, viewer), by=viewer)
        count = row.members.count()
        return done(
            request,
            address("care"),
            ngettext("Noted for %(num)s.", "Noted for %(num)s.", count) % {"num": count},
        )
    chosen = care_notes.last_group(viewer) if "again" in request.GET else []
    context = {
        "people": [(one.pk, one.pupil.name) for one, _label in _cases(viewer) if not one.closed_on],
        "chosen": chosen,
        "had_one": bool(care_notes.last_group(viewer)),
        **note_form(request),
    }
    return render(request, "care/group.html", context)


def _ids(texts) -> list[UUID]:
    return [one for one in map(as_uuid, texts) if one]


def said_in(posted, viewer) -> care_notes.Said:
    """This function will read what a form says of a talk."""
    parts = {key: posted.get(key, "") for key, _title in care_notes.PARTS}
    return care_notes.Said(
        on=sent.a_day(posted, "on", viewer.day), form=posted.get("form", ""),
        safety=posted.get("safety", ""), id=as_uuid(posted.get("id", "")) or uuid4(), **parts,
    )  # fmt: skip


def note_form(request) -> dict:
    """This function will give what the form of a note offers."""
    return {
        "forms": [(one, one) for one in care_notes.FORMS],
        "safeties": [(one, one) for one in care_notes.SAFETY],
        "parts_of": care_notes.PARTS[1:],
        "note_id": request.POST.get("id") or uuid4(),
    }


@page
def care_rules(request) -> HttpResponse:
    """This function will set the school's two rules: whether the family is asked, how long notes are kept."""
    viewer = request.viewer
    if not (is_counsellor(viewer) or viewer.holds("principal")):
        raise care.NotYours
    if request.method == "POST":
        years = request.POST.get("keep_years", "")
        care.set_rules(
            asks_family=request.POST.get("asks_family") == "1", by=viewer,
            keep_years=int(years) if years.isascii() and years.isdigit() and len(years) < 3 else 3,
        )  # fmt: skip
        return done(request, address("care"), _("Saved."))
    return render(request, "care/rules.html", {"rules": care.rules(viewer)})


@act
def care_forget(request) -> HttpResponse:
    """This function will throw away the locks of what need not be kept any more."""
    count = care_notes.forget(by=request.viewer)
    words = ngettext("Forgotten for good: %(num)s pupil.", "Forgotten for good: %(num)s pupils.", count)
    return done(request, address("care"), words % {"num": count})


@act
def care_hand(request) -> HttpResponse:
    """This function will hand cases over: one's own, or all of a counsellor who counsels no more."""
    viewer = request.viewer
    to = get_object_or_404(Staff.objects.visible_to(viewer), pk=as_uuid(request.POST.get("to", "")))
    chosen = _ids(request.POST.getlist("case"))
    cases = (
        list(CareCase.objects.visible_to(viewer).filter(pk__in=chosen)) if chosen else care.left_alone(viewer)
    )
    count = care.hand_over(cases=cases, to=to, by=viewer)
    if not count:
        return done(request, address("care"), _("First tap which pupils, then hand over."), kind="refused")
    return done(request, address("care"), _("Handed over to %(who)s.") % {"who": to.name})


urlpatterns = [
    path("care", care_home, name="care"),
    path("care/new", care_refer, name="care_refer"),
    path("care/group", care_group, name="care_group"),
    path("care/rules", care_rules, name="care_rules"),
    path("care/old", care_forget, name="care_forget"),
    path("care/hand-over", care_hand, name="care_hand"),
    path("care/asked/<uuid:referral_id>", care_take, name="care_take"),
    path("care/asked/<uuid:referral_id>/answer", care_answer, name="care_answer"),
    path("care/asked/<uuid:referral_id>/back", care_back, name="care_back"),
]
