"""摸底: the whole class in one grid, then two to four children with causes. Class teachers fill it (P9-16, P9-17).

Each cell is kept as soon as it is touched; without scripts one button keeps them all.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.engine import eligibility, why
from bangfu.flow import adopt, identify, known
from bangfu.flow.almanac import term_at_hand
from bangfu.records.models.cases import Case, Survey
from bangfu.records.models.places import SchoolClass
from bangfu.web.place import address, done, page, render
from bangfu.web.questions import Question, questions
from bangfu.web.which_plan import WhichPlan, which_plan


@dataclass(frozen=True, slots=True)
class Child:
    """One row of the grid."""

    id: UUID
    name: str
    seat_no: int | None
    cells: tuple[
        tuple[Question, str, str], ...
    ]  # question, posted value of the answer or "", words of the answer
    is_chosen: bool
    is_helped: bool
    due_on: object


@dataclass(frozen=True, slots=True)
class Room:
    """Everything a class's survey needs: the class, the plan, the term, the survey row if begun."""

    school_class: SchoolClass
    which: WhichPlan
    term: object
    survey: Survey | None
    is_mine: bool

    @property
    def plan(self):
        return self.which.plan

    @property
    def takes_all(self) -> bool:
        """Whether the plan is for everybody who fits, not for a few whom people choose."""
        return self.plan.selection.take == "eligible"

    def at(self, place: str) -> str:
        """This function will give the address of a page about this class and plan."""
        return address(place, self.school_class.pk) + self.which.query

    def begun(self) -> Survey:
        """This function will give the survey, begun if it was not; refuses anybody but the class's own teachers."""
        if not self.is_mine:
            raise identify.NotYourClass
        return self.survey or identify.open_survey(
            school_class=self.school_class, plan=self.plan, term_key=self.term.key
        )


def choosing_plan(request) -> WhichPlan:
    """This function will give the plan the page is about, among those that choose children of the school."""
    return which_plan(request, lambda plan: plan.selection is not None and plan.subject == "child")


def own_classes(viewer):
    """This function will give the classes whose survey the viewer does or looks at, in school order."""
    classes = SchoolClass.objects.visible_to(viewer).filter(school_id=viewer.school_id)
    if not viewer.is_leader:
        mine = Q(pk__in=viewer.minded_class_ids) | Q(entry_year__in=viewer.entry_years)
        classes = classes.filter(mine)
    return classes.in_order()


@page
def survey(request) -> HttpResponse:
    """This function will list the viewer's classes with due day and state."""
    which, term = choosing_plan(request), term_at_hand(request.viewer.school, request.viewer.day)
    rows = _classes(request.viewer, which.plan, term) if which.plan and term else []
    return render(request, "survey/classes.html", {"which": which, "term": term, "rows": rows})


def _classes(viewer, plan, term) -> list[dict]:
    here = Q(enrolments__valid_to__isnull=True)
    classes = list(own_classes(viewer).annotate(size=Count("enrolments", filter=here)))
    due = identify.due_days(plan=plan, school=viewer.school, term=term, class_ids=[one.pk for one in classes])
    surveys = Survey.objects.visible_to(viewer).filter(plan_key=plan.key, term_key=term.key)
    state = {one.school_class_id: one for one in surveys.annotate(chosen=_chosen())}
    looked: dict[UUID, set] = {}
    for class_id, pupil in surveys.values_list("school_class_id", "answers__pupil_id"):
        looked.setdefault(class_id, set()).add(pupil)
    return [
        {
            "id": one.pk,
            "label": one.label_on(viewer.day),
            "size": one.size,
            "due_on": due[one.pk].on,
            "looked": len(looked.get(one.pk, set()) - {None}),
            "survey": state.get(one.pk),
            "newcomers": sorted(
                day for pupil, day in due[one.pk].newcomers.items() if pupil not in looked.get(one.pk, set())
            ),
            "is_mine": one.pk in viewer.minded_class_ids,
        }
        for one in classes
    ]


def _chosen():
    return Count("answers", filter=Q(answers__is_chosen=True))


def _room(request, class_id) -> Room:
    viewer = request.viewer
    school_class = get_object_or_404(own_classes(viewer), pk=class_id)
    which, term = choosing_plan(request), term_at_hand(viewer.school, viewer.day)
    found = None
    if which.plan and term:
        surveys = Survey.objects.visible_to(viewer).filter(plan_key=which.plan.key, term_key=term.key)
        found = surveys.filter(school_class=school_class).first()
    return Room(school_class, which, term, found, class_id in viewer.minded_class_ids)


@page
def survey_class(request, class_id) -> HttpResponse:
    """This function will show the grid of a class and keep the cells that are posted."""
    room = _room(request, class_id)
    if room.plan is None or room.term is None:
        return render(request, "survey/classes.html", {"which": room.which, "term": room.term, "rows": []})
    asked = questions(room.plan)
    if request.method == "POST":
        answers, picks = _posted(request.POST, asked)
        identify.fill(survey=room.begun(), answers=answers, picks=picks, by=request.viewer)
        if request.headers.get("X-Autosave"):
            return HttpResponse(status=204)
        if request.POST.get("then") == "choose":
            return done(request, room.at("survey_choice"), _("Kept."))
        return done(request, address("survey") + room.which.query, _("Kept. Go on whenever you like."))
    due = _due(request.viewer, room)
    children = _children(request.viewer, room, asked, due.newcomers)
    least, most = eligibility.bounds(room.plan, len(children))
    return render(
        request,
        "survey/grid.html",
        {
            "room": room,
            "label": room.school_class.label_on(request.viewer.day),
            "asked": asked,
            "children": children,
            "least": least,
            "most": most,
            "chosen": sum(child.is_chosen or child.is_helped for child in children),
            "due": due.on,
        },
    )


def _posted(posted, asked) -> tuple[dict, dict]:
    by_key = {question.key: question for question in asked}
    answers: dict[UUID, dict] = {}
    picks: dict[UUID, bool] = {}
    for name, value in posted.items():
        kind, _dash, rest = name.partition(".")
        pupil, _dash, key = rest.partition(".")
        pupil_id = _uuid(pupil)
        if pupil_id is None:
            continue
        if kind == "row" and posted.get("whole"):
            picks[pupil_id] = posted.get(f"pick.{pupil}") == "1"
        elif kind == "pick":
            picks[pupil_id] = value == "1"
        elif kind == "cell" and key in by_key:
            answers.setdefault(pupil_id, {})[key] = by_key[key].stored(value)
    return answers, picks


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _due(viewer, room: Room):
    found = identify.due_days(
        plan=room.plan, school=viewer.school, term=room.term, class_ids=[room.school_class.pk]
    )
    return found[room.school_class.pk]


def _children(viewer, room: Room, asked, newcomers) -> list[Child]:
    enrolled = room.school_class.enrolments.on(viewer.day).order_by(
        F("seat_no").asc(nulls_last=True), "pupil__sort_key"
    )
    given = {}
    if room.survey:
        given = {
            pupil: (answers, is_chosen)
            for pupil, answers, is_chosen in room.survey.answers.values_list(
                "pupil_id", "answers", "is_chosen"
            )
        }
    helped = _helped(viewer, room)
    rows = list(enrolled.values_list("pupil_id", "pupil__name", "seat_no", named=True))
    told = _told(room, [row.pupil_id for row in rows], viewer.day) if room.is_mine else {}
    given = {row.pupil_id: _begun(told.get(row.pupil_id), given.get(row.pupil_id)) for row in rows}
    return [_child(row, given[row.pupil_id], row.pupil_id in helped, newcomers, asked) for row in rows]


def _begun(told, given) -> tuple[dict, bool]:
    """What is known by now goes over what was answered here (an answer is known at once); ticks are the teacher's."""
    known_now = {key: value for key, value in (told[0] if told else {}).items() if value is not None}
    answers = (given[0] if given else {}) | known_now
    return answers, given[1] if given else bool(told and told[1])


def _told(room: Room, pupil_ids, day) -> dict[UUID, tuple[dict, bool]]:
    """What lists and earlier surveys say: cells to begin with, and ticks where the plan takes everybody who fits.

    What somebody saw of a child in another term is looked at anew.
    """
    specs, found = adopt.shelf().commons.facts, {}
    for pupil, about in known.newest(pupil_ids, day).items():
        about = {
            key: stated
            for key, stated in about.items()
            if key in specs and (specs[key].lasts != "term" or stated.valid_from >= room.term.starts_on)
        }
        fits = room.takes_all and bool(eligibility.judge(room.plan, about, specs).verdict.answer)
        found[pupil] = ({key: stated.value for key, stated in about.items()}, fits)
    return found


def _helped(viewer, room: Room) -> set:
    cases = Case.objects.visible_to(viewer).filter(plan_key=room.plan.key).open_on(viewer.day)
    return set(cases.values_list("pupil_id", flat=True))


def _child(row, given, is_helped: bool, newcomers, asked) -> Child:
    answers, is_chosen = given
    cells = tuple(
        (
            question,
            _word(question, answers),
            question.shown(answers[question.key]) if question.key in answers else "",
        )
        for question in asked
    )
    return Child(
        row.pupil_id, row.pupil__name, row.seat_no, cells, is_chosen, is_helped, newcomers.get(row.pupil_id)
    )


def _word(question: Question, answers) -> str:
    if question.key not in answers:
        return ""
    return next((word for word, _label, value in question.options if value == answers[question.key]), "")


@page
def survey_choice(request, class_id) -> HttpResponse:
    """This function will ask for the causes of each chosen child and hand the survey in."""
    room = _room(request, class_id)
    if room.survey is None:
        return done(request, room.at("survey_class"), _("Look at the class first."), kind="refused")
    if request.method == "POST":
        return _hand_in(request, room)
    asked, rows = questions(room.plan), _answers(room)
    helped = _helped(request.viewer, room)
    size = room.school_class.enrolments.on(request.viewer.day).count()
    least, most = eligibility.bounds(room.plan, size)
    chosen = [row for row in rows if row["is_chosen"] and row["pupil_id"] not in helped]
    picked = {row["pupil_id"] for row in rows if row["is_chosen"]} | _of_class(request.viewer, room, helped)
    return render(
        request,
        "survey/choice.html",
        {
            "room": room,
            "label": room.school_class.label_on(request.viewer.day),
            "chosen": [_card(row, room.plan, asked) for row in chosen],
            "helped": _names(request.viewer, room, helped),
            "advised": [_card(row, room.plan, asked) for row in rows if _worth(row, room.plan, picked)],
            "others": [
                _card(row, room.plan, asked)
                for row in rows
                if row["pupil_id"] not in picked and not _worth(row, room.plan, picked)
            ],
            "picked": len(picked),
            "least": least,
            "most": most,
            "categories": [(one.key, one.title) for one in room.plan.categories],
            "causes": [(one.key, one.title) for one in room.plan.selection.causes],
            "outside": not least <= len(picked) <= most,
        },
    )


def _answers(room: Room) -> list[dict]:
    rows = room.survey.answers.order_by("pupil__sort_key")
    return list(
        rows.values("pupil_id", "pupil__name", "answers", "is_chosen", "category", "causes", "cause_note")
    )


def _advice(row: dict, plan):
    return eligibility.judge(plan, row["answers"], adopt.shelf().commons.facts)


def _worth(row: dict, plan, picked) -> bool:
    return row["pupil_id"] not in picked and bool(_advice(row, plan).verdict.answer)


def _card(row: dict, plan, asked) -> dict:
    advice = _advice(row, plan)
    said = [f"{q.title}：{q.shown(row['answers'][q.key])}" for q in asked if row["answers"].get(q.key)]
    only = advice.categories[0] if len(advice.categories) == 1 else ""
    told = why.of_choice(plan, advice, row["answers"])
    return {**row, "id": str(row["pupil_id"]), "said": said, "category": row["category"] or only, "why": told}


def _of_class(viewer, room: Room, helped: set) -> set:
    here = room.school_class.enrolments.on(viewer.day).filter(pupil__in=helped)
    return set(here.values_list("pupil_id", flat=True))


def _names(viewer, room: Room, helped: set) -> list[dict]:
    here = room.school_class.enrolments.on(viewer.day).filter(pupil__in=helped).order_by("pupil__sort_key")
    return list(here.values("pupil_id", "pupil__name"))


def _hand_in(request, room: Room) -> HttpResponse:
    posted, choices = request.POST, {}
    for name in posted:
        kind, _dot, pupil = name.partition(".")
        if kind == "child" and (pupil_id := _uuid(pupil)):
            choices[pupil_id] = identify.Choice(
                category=posted.get(f"category.{pupil}", ""),
                causes=tuple(posted.getlist(f"causes.{pupil}")),
                cause_note=posted.get(f"note.{pupil}", ""),
            )
    survey = room.begun()
    identify.choose_all(survey=survey, choices=choices, by=request.viewer)
    if posted.get("then") != "finish":
        return done(request, address("survey") + room.which.query, _("Kept. Go on whenever you like."))
    exception = posted.get("exception", "")
    cases = identify.finish(survey=survey, plan=room.plan, by=request.viewer, exception=exception)
    said = ngettext(
        "Handed in: %(num)s child will be helped.", "Handed in: %(num)s children will be helped.", len(cases)
    )
    return done(request, room.at("survey_choice"), said % {"num": len(cases)})


urlpatterns = [
    path("survey", survey, name="survey"),
    path("survey/<uuid:class_id>", survey_class, name="survey_class"),
    path("survey/<uuid:class_id>/choice", survey_choice, name="survey_choice"),
]
