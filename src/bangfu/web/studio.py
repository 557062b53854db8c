"""方案草稿: the plan as prose whose every value can be changed, and beside it what that would mean for the school.

Works as plain forms; with JavaScript the same forms are sent and the same pieces of page exchanged in place.
"""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine import pack
from bangfu.engine.refusal import Refusal
from bangfu.engine.shape import ABSENT
from bangfu.engine.slot import Slot, find, slot_at
from bangfu.engine.wording import place
from bangfu.exchange import plan_text
from bangfu.flow import adopt, draft, studio
from bangfu.records.models.plans import PlanDraft
from bangfu.web.place import Unfinished, address, done, page, render
from bangfu.web.plan_texts import as_file
from bangfu.web.plans import EDITIONS, day_of, in_use, may_adopt, next_monday, placed
from bangfu.web.prose import chosen, field, people, shown, told
from bangfu.web.terms import AFTER, EVERY, UNITS

BARS = 8
WAYS = {"every": N_("Again and again"), "once": N_("Once, by a day"), "on": N_("When something happens")}
FIRST = MultiValueDict(
    {"way": ["every"], "every.unit": ["teaching_week"], "every.n": ["1"], "once.n": ["10"],
     "once.unit": ["school_day"], "on.after": ["0"], "on.days": ["7"], "times.value": ["1"], "minutes.value": ["10"]}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Editor:
    """The small form of one slot. `choices` are (value, words, chosen); `values` what stands in its fields."""

    address: str
    line: str
    label: str
    kind: str
    values: dict
    choices: tuple
    units: tuple
    was: str
    least: object
    most: object
    is_needed: bool
    now: str


@dataclass(frozen=True, slots=True)
class Bar:
    """So many teachers with so many minutes: one bar of the picture."""

    label: str
    count: int
    width: int
    is_over: bool


@page
def draft_page(request, draft_id) -> HttpResponse:
    """This function will show a draft with its dry run, and change it as the form says."""
    viewer = request.viewer
    row = _row(viewer, draft_id)
    if request.method == "POST":
        return _changed(request, row)
    raw = plan_text.tree(row.content)
    text, open_at = row.content, request.POST.get("address") or request.GET.get("at", "")
    return render(
        request,
        "plans/studio.html",
        {
            "draft": row,
            "based_on": _based_on(row),
            "parts": told(raw),
            "digest": pack.digest(text),
            "editor": _editor(raw, open_at, request) if draft.may_edit(viewer) and open_at else None,
            "adding": _adding(raw, request) if draft.may_edit(viewer) else None,
            "seen": {line: draft.seen(_piece(raw, line)) for line in _removable(raw)},
            "may_edit": draft.may_edit(viewer),
            "may": may_adopt(viewer),
            "begins": next_monday(viewer.day),
            "starts": [(after, _(words)) for after, words in AFTER.items()],
            "events": list(adopt.shelf().commons.labels.event.items()),
            **_trial(text, viewer),
        },
    )


def _row(viewer, draft_id) -> PlanDraft:
    found = PlanDraft.objects.visible_to(viewer).select_related("by", "begun_by")
    return get_object_or_404(found, pk=draft_id)


def _based_on(row: PlanDraft) -> str:
    _key, colon, of = row.based_on.rpartition(":")
    if of == "file":
        return _("from a file")
    if of[:1] == "v" and of[1:].isdigit():
        of_words = _("version %(n)s") % {"n": of[1:]}
    else:
        of_words = _(EDITIONS.get(of, of))
    return (
        _("a copy made after: %(what)s") % {"what": of_words}
        if colon
        else _("made after: %(what)s") % {"what": of_words}
    )


def _changed(request, row: PlanDraft) -> HttpResponse:
    posted, viewer = request.POST, request.viewer
    then, at, was = posted.get("then", "fill"), posted.get("address", ""), posted.get("was", "")
    here = address("studio", row.pk)
    if then == "adopt":
        try:
            adopted = draft.adopt(draft=row, valid_from=day_of(posted), was=was, by=viewer)
        except adopt.PackFaulty as reason:
            raise Unfinished(placed(reason.faults)) from reason
        return in_use(request, adopted)
    if then == "drop":
        draft.drop(draft=row, by=viewer)
        return done(request, address("plans"), _("The draft is gone. What is in use stays as it is."))
    if then == "undo":
        draft.undo(draft=row, was=was, by=viewer)
        return done(request, here, _("Taken back one step."))
    if then == "add":
        row = draft.add(draft=row, typed=dict(posted.lists()), by=viewer)
        added = plan_text.tree(row.content)["duty"][-1]["key"]
        return done(request, f"{here}#{anchor(f'duty[{added}]')}", _("Added. It can be undone."))
    if then == "remove":
        draft.remove(draft=row, address=at, was=was, by=viewer)
        return done(request, here, _("Taken out. It can be undone."))
    draft.fill(draft=row, address=at, typed=dict(posted.lists()), was=was, by=viewer)
    return done(request, f"{here}#{anchor(at)}", _("Changed. It can be undone."))


@page
def trial(request, draft_id) -> HttpResponse:
    """This function will run the draft dry, with one slot as it is being typed; nothing is kept."""
    row, text = _row(request.viewer, draft_id), None
    if request.method == "POST":
        try:
            text = _as_typed(row.content, request.POST)
        except Refusal as reason:
            return render(
                request, "plans/trial.html", {**_nothing(), "draft": row, "waiting": reason.sentence}
            )
    context = _trial(text or row.content, request.viewer)
    return render(request, "plans/trial.html", {**context, "draft": row})


def _as_typed(text: str, posted) -> str:
    if posted.get("then") == "add":
        return draft.with_duty(text, dict(posted.lists()))
    return draft.tried(text, posted.get("address", ""), dict(posted.lists()))


def text(request, draft_id) -> HttpResponse:
    """This function will give a draft as a file."""
    if request.viewer is None:
        raise Http404
    row = _row(request.viewer, draft_id)
    return as_file(row.content.encode(), f"{row.key}-draft.toml", "application/toml")


@page
def names(request, draft_id) -> HttpResponse:
    """This function will list the children the draft's rules find, to those who may read what they need."""
    row = _row(request.viewer, draft_id)
    found = studio.concerned(text=row.content, by=request.viewer)
    return render(request, "plans/names.html", {"draft": row, "children": found, "most": studio.NAMES_SHOWN})


def _nothing() -> dict:
    return {
        "trial": None,
        "trial_faults": (),
        "bars": (),
        "by_class": (),
        "by_teacher": (),
        "asked": (),
        "waiting": "",
    }


def _trial(text: str, viewer) -> dict:
    found = studio.trial(text=text, by=viewer)
    if isinstance(found, list):
        return {**_nothing(), "trial_faults": placed(found)}
    by_class = [
        (room.label, room.size, room.worth, room.unknown, f"{room.least}—{room.most}") for room in found.rooms
    ]
    by_teacher = [
        (then.name, then.children, round(now.merged), round(then.merged)) for now, then in found.busy
    ]
    asked = [
        _("%(fact)s (%(count)s pupils)") % {"fact": title, "count": count} for title, count in found.to_ask
    ]
    figures = {"bars": _bars(found), "by_class": by_class, "by_teacher": by_teacher, "asked": asked}
    return {**_nothing(), "trial": found, **figures}


def _bars(found: studio.Trial) -> tuple[Bar, ...]:
    """Teachers by minutes, in eight steps of which the sixth ends at the cap; nobody is named."""
    step = max(found.cap / (BARS - 2), 1)
    counts = [0] * BARS
    for week in found.after:
        if week.merged:
            counts[min(int((week.merged - 0.01) // step), BARS - 1)] += 1
    most = max(counts, default=0) or 1
    return tuple(
        Bar(
            f"{round(at * step)}—{round((at + 1) * step)}" if at < BARS - 1 else f"{round(at * step)}+",
            count,
            round(count / most * 140),
            at >= BARS - 2,
        )
        for at, count in enumerate(counts)
        if at < BARS - 2 or any(counts[at:])
    )


def anchor(at: str) -> str:
    """This function will name the sentence of an address, for the part of a URL after #."""
    head, bracket, rest = at.partition("[")
    return f"s-{head}-{rest.partition(']')[0]}" if bracket else f"s-{head.partition('.')[0]}"


def _removable(raw) -> list[str]:
    """Sentences that may be taken out whole: those of the lists."""
    return [
        place(raw, (name, at))
        for name, rows in raw.items()
        if isinstance(rows, list)
        for at in range(len(rows))
    ]


def _piece(raw, at: str):
    slot = slot_at(raw, find(raw, at))
    return slot.value if slot.given else None


def _editor(raw, at: str, request) -> Editor | None:
    where = find(raw, at)
    if where is None or where in draft.FIXED:
        return None
    slot = slot_at(raw, where)
    if slot.shape.kind == "other":
        return None
    came_back = getattr(request, "came_back", False) and request.POST.get("address") == at
    return _small(slot, raw, request.POST if came_back else None)


def _small(slot: Slot, raw, posted) -> Editor:
    shape, where = slot.shape, slot.path
    return Editor(
        place(raw, where), place(raw, where[: 2 if len(where) > 1 and isinstance(where[1], int) else len(where) > 1]),
        field(slot.name), shape.kind, _values(slot, posted), tuple(_choices(slot, raw, posted)), _units(slot),
        draft.seen_of(slot), shape.least, shape.most, shape.is_needed, shown(slot, raw),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Adding:
    """The form of a duty that is not there yet: a small form for each of its slots, and how often in three ways."""

    slots: dict[str, Editor]
    ways: tuple[tuple[str, str], ...]
    way: str


def _adding(raw, request) -> Adding | None:
    came_back = getattr(request, "came_back", False) and request.POST.get("then") == "add"
    if not came_back and request.GET.get("add") != "duty":
        return None
    posted, at = request.POST if came_back else FIRST, len(raw.get("duty", ()))
    slots = {}
    for name in (*draft.ADDED, *draft.WAYS):
        own = {key.partition(".")[2]: posted.getlist(key) for key in posted if key.startswith(f"{name}.")}
        slots[name] = _small(slot_at(raw, ("duty", at, name)), raw, MultiValueDict(own))
    return Adding(slots, tuple((way, _(words)) for way, words in WAYS.items()), posted.get("way", ""))


def _values(slot: Slot, posted) -> dict:
    if posted is not None:
        return {key: posted.get(key, "") for key in (*slot.shape.keys, "value")}
    value = slot.value if slot.value is not ABSENT else ""
    if slot.shape.keys:
        given = value if isinstance(value, dict) else getattr(value, "model_dump", dict)()
        more = {"every": {"n": 1}, "on": {"after": 0, "unit": "day"}}.get(slot.shape.kind, {})
        return {key: given.get(key, more.get(key, "")) for key in slot.shape.keys}
    if isinstance(value, list | tuple):
        return {"value": "\n".join(str(one) for one in value)}
    return {"value": value if slot.given or slot.shape.kind == "number" else ""}


def _choices(slot: Slot, raw, posted):
    kind, value = slot.shape.kind, slot.value
    if posted is not None:
        held = set(posted.getlist("value"))
    else:
        held = set(value) if isinstance(value, list | tuple) else {value} if isinstance(value, str) else set()
    if kind in ("roles", "role"):
        found = [(one, people([one])) for one in slot.shape.choices]
    elif kind in ("choice", "choices"):
        found = [(one, chosen(slot.name, one)) for one in slot.shape.choices if one]
    elif kind == "activities" or slot.name == "at":
        found = list(adopt.shelf().commons.labels.activity.items())
    elif kind == "categories":
        rows = raw.get("category", [])
        found = [(one.get("key"), one.get("title", one.get("key"))) for one in rows if isinstance(one, dict)]
    else:
        return
    for one, words in sorted(found, key=lambda item: item[0] not in held):
        yield one, words, one in held


def _units(slot: Slot) -> tuple:
    kind = slot.shape.kind
    if kind == "every":
        return tuple((unit, _(words[0])) for unit, words in EVERY.items())
    if kind == "once":
        return tuple((unit, _(words)) for unit, words in UNITS.items())
    return tuple((unit, _(words)) for unit, words in UNITS.items() if unit != "teaching_week")


urlpatterns = [
    path("plans/draft/<uuid:draft_id>", draft_page, name="studio"),
    path("plans/draft/<uuid:draft_id>/trial", trial, name="studio_trial"),
    path("plans/draft/<uuid:draft_id>/text", text, name="studio_text"),
    path("plans/draft/<uuid:draft_id>/names", names, name="studio_names"),
]
