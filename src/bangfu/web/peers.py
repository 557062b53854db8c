"""同学互助: the children of a class choose whom they learn with; a teacher notes it, has it put together, confirms.

Every child stands there alike, in seat order: no plan, no reason, nothing that says who is helped (P0-23, P2-07).
"""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.flow import peer_paper, peer_waiting, peer_words, peers
from bangfu.flow.peer_words import MOST_PARTNERS, MOST_WISHES, Mate, Word, may_mind
from bangfu.records.models import Pupil, SchoolClass
from bangfu.web.attendance import file_of
from bangfu.web.place import act, address, done, page, render
from bangfu.web.record_form import as_uuid

HOW = {
    "both": N_("chose each other"), "one": N_("one chose the other"), "matched": N_("put together"),
    "by_hand": N_("put together by the teacher"),
}  # fmt: skip
ANSWERS = (("yes", N_("Yes")), ("no", N_("Not now")), ("", N_("Not asked yet")))
SAID = {"yes": True, "no": False}


@page
def peers_page(request) -> HttpResponse:
    """This function will list the classes the viewer looks after; one alone opens at once."""
    classes = [
        one for one in SchoolClass.objects.visible_to(request.viewer).in_order() if _minds(request, one)
    ]
    if len(classes) == 1:
        return _class(request, classes[0])
    rows = [(one.pk, one.label_on(request.viewer.day)) for one in classes]
    return render(request, "peers/classes.html", {"classes": rows})


def _minds(request, school_class: SchoolClass) -> bool:
    return may_mind(request.viewer, school_class)


def _one(request, class_id: UUID) -> SchoolClass:
    found = get_object_or_404(SchoolClass.objects.visible_to(request.viewer), pk=class_id)
    if not _minds(request, found):
        raise Http404
    return found


@page
def peers_class(request, class_id: UUID) -> HttpResponse:
    """This function will show who learns side by side in a class, and what every child says."""
    return _class(request, _one(request, class_id))


def _class(request, school_class: SchoolClass) -> HttpResponse:
    viewer = request.viewer
    here = peer_words.mates(school_class, viewer.day)
    found = peers.together(school_class, viewer)
    context = {
        "of": school_class,
        "label": school_class.label_on(viewer.day),
        "proposed": [one for one in found if one.state == "proposed"],
        "held": [one for one in found if one.state == "confirmed"],
        "how": {key: _(words) for key, words in HOW.items()},
        "mates": [(mate, [here[pk].name for pk in mate.wishes]) for mate in here.values()],
        "choices": [(str(pk), mate.name) for pk, mate in here.items()],
        "has_rules": bool(peers.rules_in_force(viewer.school, viewer.day)),
    }
    return render(request, "peers/class.html", context)


@act
def peers_propose(request, class_id: UUID) -> HttpResponse:
    """This function will let the machine put classmates together by their wishes."""
    of = _one(request, class_id)
    found = peers.propose(school_class=of, by=request.viewer)
    said = [
        ngettext("%(num)s couple proposed.", "%(num)s couples proposed.", found.couples)
        % {"num": found.couples}
        if found.couples
        else _("No new couple now."),
    ]
    if found.groups:
        words = ngettext("%(num)s group proposed.", "%(num)s groups proposed.", found.groups)
        said.append(words % {"num": found.groups})
    return done(request, _home(of), " ".join(said))


def _home(of: SchoolClass) -> str:
    return address("peers_class", of.pk)


@act
def peers_confirm(request, class_id: UUID) -> HttpResponse:
    """This function will put proposals in force: those named in the form, or all."""
    of = _one(request, class_id)
    count = peers.confirm(school_class=of, keys=request.POST.getlist("who") or None, by=request.viewer)
    said = ngettext("%(num)s begins today.", "%(num)s begin today.", count) % {"num": count}
    return done(request, _home(of), said)


@act
def peers_place(request, class_id: UUID) -> HttpResponse:
    """This function will put two classmates together by hand."""
    of = _one(request, class_id)
    one, other = (as_uuid(request.POST.get(name, "")) for name in ("one", "other"))
    if one is None or other is None:
        raise peers.NoTwo
    peers.place(school_class=of, one=one, other=other, by=request.viewer)
    return done(request, _home(of), _("Put together. It begins when you confirm it."))


@act
def peers_stop(request, class_id: UUID) -> HttpResponse:
    """This function will end what two classmates or a group have together."""
    of = _one(request, class_id)
    posted = request.POST
    peers.stop(
        school_class=of, key=posted.get("who", ""), because=posted.get("because", ""), by=request.viewer
    )
    return done(request, _home(of), _("Stopped from today. Nobody has to say why."))


@act
def peers_leave(request, class_id: UUID) -> HttpResponse:
    """This function will let one child leave a study group."""
    of, pupil = _one(request, class_id), as_uuid(request.POST.get("pupil", ""))
    number = request.POST.get("number", "")
    if pupil is None or not (number.isascii() and number.isdigit() and len(number) < 4):
        raise peers.Gone
    peers.leave(school_class=of, number=int(number), pupil=pupil, by=request.viewer)
    return done(request, _home(of), _("Noted. The others go on."))


@page
def peers_words(request, pupil_id: UUID) -> HttpResponse:
    """This function will show and take what one child and its family say."""
    viewer = request.viewer
    pupil = Pupil.objects.visible_to(viewer).on_roll(viewer.day).filter(pk=pupil_id).first()
    of = peer_words.class_of(pupil, viewer.day) if pupil else None
    if of is None or not _minds(request, of):
        raise Http404
    if request.method == "POST":
        word, wishes = _said(request.POST)
        peer_words.say(pupil=pupil, word=word, wishes=wishes, by=viewer)
        return done(request, _home(of), _("Noted: %(who)s.") % {"who": pupil.name})
    here = peer_words.mates(of, viewer.day)
    mate = here[pupil.pk]
    context = {
        "of": of,
        "label": of.label_on(viewer.day),
        "mate": mate,
        "answers": [(key, _(words)) for key, words in ANSWERS],
        "willing": _answer(mate.word.is_willing),
        "family": _answer(mate.word.family_agrees),
        "numbers": [(n, n) for n in range(1, MOST_PARTNERS + 1)],
        "others": [(str(pk), one.name) for pk, one in here.items() if pk != pupil.pk],
        "wishes": _places(mate),
    }
    return render(request, "peers/words.html", context)


def _answer(said: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[said]


def _places(mate: Mate) -> list[tuple[str, str]]:
    wanted = [str(pk) for pk in mate.wishes]
    return [(f"wish.{at}", wanted[at - 1] if at <= len(wanted) else "") for at in range(1, MOST_WISHES + 1)]


def _said(posted) -> tuple[Word, list[UUID]]:
    number = posted.get("at_most", "1")
    word = Word(
        SAID.get(posted.get("willing", "")),
        int(number) if number in ("1", "2", "3") else 1,
        SAID.get(posted.get("family", "")),
        posted.get("family_word", ""),
    )
    wanted = [posted.get(f"wish.{at}", "") for at in range(1, MOST_WISHES + 1)]
    found = [as_uuid(one) for one in wanted if one]
    if None in found:
        raise peer_words.NotClassmates
    return word, found


@page
def peers_waiting(request, class_id: UUID) -> HttpResponse:
    """This function will show the teacher alone who has no classmate yet, and what would help."""
    of = _one(request, class_id)
    rows = peer_waiting.waiting(of, request.viewer)
    return render(
        request, "peers/waiting.html", {"of": of, "label": of.label_on(request.viewer.day), "rows": rows}
    )


@page
def peers_slips(request, class_id: UUID) -> HttpResponse:
    """This function will show slips to print, one for each child of the class, all alike."""
    of = _one(request, class_id)
    names = [mate.name for mate in peer_words.mates(of, request.viewer.day).values()]
    label = of.label_on(request.viewer.day)
    return render(
        request, "peers/slips.html", {"of": of, "label": label, "names": names, "most": MOST_WISHES}
    )


@act
def peers_file(request, class_id: UUID) -> HttpResponse:
    """This function will answer with the list of who learns side by side in a class."""
    of = _one(request, class_id)
    made = peer_paper.print_list(school_class=of, form=request.POST.get("form", ""), by=request.viewer)
    return file_of(made)


urlpatterns = [
    path("peers", peers_page, name="peers"),
    path("peers/<uuid:class_id>", peers_class, name="peers_class"),
    path("peers/<uuid:class_id>/proposal", peers_propose, name="peers_propose"),
    path("peers/<uuid:class_id>/confirmation", peers_confirm, name="peers_confirm"),
    path("peers/<uuid:class_id>/couple", peers_place, name="peers_place"),
    path("peers/<uuid:class_id>/end", peers_stop, name="peers_stop"),
    path("peers/<uuid:class_id>/departure", peers_leave, name="peers_leave"),
    path("peers/<uuid:class_id>/waiting", peers_waiting, name="peers_waiting"),
    path("peers/<uuid:class_id>/slips", peers_slips, name="peers_slips"),
    path("peers/<uuid:class_id>/list", peers_file, name="peers_file"),
    path("peers/pupils/<uuid:pupil_id>", peers_words, name="peers_words"),
]
