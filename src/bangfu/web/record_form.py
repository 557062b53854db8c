"""The quick record sheet as values: parts from the packs' form specs for the page, an Entry out of what was posted.

Facts may be filled in beforehand (who, what kind, which day); judgements never (D7).
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from bangfu.engine import form as engine
from bangfu.engine.fault import Fault
from bangfu.engine.register import FormSpec
from bangfu.flow import adopt
from bangfu.flow.company import ALONE, OTHER, Company, Mate
from bangfu.flow.record import Entry
from bangfu.web.formats import listed
from bangfu.web.place import Unfinished

# Words that open 「先打电话」 on the device, before anything is sent.
DANGER = "轻生|自杀|不想活|自残|割腕|跳楼|伤痕|被打|家暴|离家出走|走失|失踪|猥亵|性侵|欺凌"
FIRST = (
    "talk",
    "tutoring",
    "guardian_contact",
    "home_visit",
    "measure",
    "pupil_report",
    "interview",
    "group_activity",
)
AT_ONCE = 5  # kinds in sight before 「还有别的」
INTERVIEWERS = ("grade_supervisor", "grade_head", "principal", "vice_principal", "union_chair")


@dataclass(frozen=True, slots=True)
class Part:
    """What one kind of activity asks: groups of chips, minutes, questions. Names carry the kind: talk.about."""

    key: str
    title: str
    is_chosen: bool
    is_folded: bool
    groups: tuple
    minutes: tuple
    questions: tuple
    hint: str
    is_at_home: bool


def forms(viewer, chosen=(), kinds=None) -> list[FormSpec]:
    """This function will list the kinds offered here: what one came for, then the usual; `kinds`: of a class or school."""
    every = adopt.shelf().commons.forms.values()
    if kinds is not None:
        return sorted((spec for spec in every if spec.key in kinds), key=lambda spec: usual(spec.key))
    offered = [spec for spec in every if spec.quick or spec.key in chosen]
    if not viewer.holds(*INTERVIEWERS):
        offered = [spec for spec in offered if spec.key != "interview" or spec.key in chosen]
    return sorted(offered, key=lambda spec: (spec.key not in chosen, usual(spec.key)))


@lru_cache(maxsize=64)
def usual(kind: str) -> int:
    """This function will say where a kind of activity stands among the others, the usual first."""
    return FIRST.index(kind) if kind in FIRST else len(FIRST)


def activity_names(activities) -> str:
    """This function will name kinds of activity as people say them; 家访 is not named 联系家长 a second time."""
    commons = adopt.shelf().commons
    implied = {other for key in activities if key in commons.forms for other in commons.forms[key].counts_as}
    shown = [key for key in activities if key not in implied]
    shown.sort(key=usual)
    return listed(commons.labels.activity.get(key, key) for key in shown)


def parts(viewer, chosen, given, kinds=None) -> list[Part]:
    """This function will lay the sheet out; `given(name)` lists what was chosen for a field before."""
    offered = forms(viewer, chosen, kinds)
    return [
        Part(
            key=spec.key,
            title=spec.title,
            is_chosen=spec.key in chosen,
            is_folded=len(offered) > AT_ONCE + 3 and spec.key not in {*chosen, *FIRST[:AT_ONCE]},
            groups=tuple(
                (
                    f"{spec.key}.{g.key}",
                    g.title,
                    tuple((o, o) for o in g.options),
                    tuple(given(f"{spec.key}.{g.key}")),
                    g.many,
                )
                for g in spec.groups
            ),
            minutes=tuple((str(m), str(m)) for m in spec.minutes),
            questions=tuple(
                (f"{spec.key}.{q.key}", q, q.choices, tuple(given(f"{spec.key}.{q.key}")))
                for q in spec.questions
            ),
            hint=spec.note_hint,
            is_at_home=spec.at_home,
        )
        for spec in offered
    ]


def read(posted, viewer, kinds=None) -> Entry:
    """This function will read a posted sheet; raises Unfinished with every fault at once."""
    by_key = {spec.key: spec for spec in forms(viewer, posted.getlist("activities"), kinds)}
    chosen = [by_key[key] for key in posted.getlist("activities") if key in by_key]
    faults: list[Fault] = []
    answers = {spec.key: _answers(spec, posted) for spec in chosen}
    for spec in chosen:
        faults += engine.check(spec, answers[spec.key])
    on = None
    with suppress(ValueError):
        on = date.fromisoformat(posted.get("on", ""))
    if on is None:
        faults.append(Fault("on", "日期没有看懂", "请从日历里选一天"))
    for name, most in (("note", engine.LONGEST), ("bright_spot", 300), ("reflection", 500), ("next", 300)):
        if len(posted.get(name, "")) > most:
            faults.append(Fault(name, f"有一处写得太长了，最多 {most} 字", "长的可以分两次记"))
    if faults:
        raise Unfinished(faults)
    minutes = sum(int(given.get("minutes") or 0) for given in answers.values())
    return Entry(
        activities=tuple(sorted({a for spec in chosen for a in engine.activities(spec)})),
        happened_on=on,
        id=as_uuid(posted.get("id", "")) or uuid4(),
        answers=_stored(answers, posted.get("next", "").strip()),
        minutes=minutes or None,
        note=posted.get("note", ""),
        bright_spot=posted.get("bright_spot", ""),
        reflection=posted.get("reflection", ""),
        company=_company(posted, chosen),
    )


def _company(posted, chosen) -> Company | None:
    """Who went along, from the first kind that is done at a child's home."""
    body = dict(posted.lists())
    some = (Company.read(body, f"{spec.key}.") for spec in chosen if spec.at_home)
    return next(filter(None, some), None)


def with_whom(part: Part, mates: list[Mate], given, before: Company | None) -> dict:
    """This function will lay out who went along: the likeliest first, another grown-up, or nobody.

    Nothing is tapped beforehand: a name nobody chose would say that somebody was there who was not.
    """
    likely = before or Company()
    tapped = str(likely.staff_id or (OTHER if likely.other else ALONE if likely.alone_because else ""))
    known = [(mate.id, f"{mate.name}（{mate.why}）") for mate in mates]
    name = f"{part.key}.company"
    return {
        "name": name,
        "choices": [*known, (OTHER, _("Another grown-up")), (ALONE, _("I went alone"))],
        "chosen": list(given(name)) or ([tapped] if tapped else []),
        "said": next(iter(given(f"{name}_said")), likely.other or likely.alone_because),
    }


def _answers(spec: FormSpec, posted) -> dict:
    found: dict = {}
    for group in spec.groups:
        picked = posted.getlist(f"{spec.key}.{group.key}")
        if picked:
            found[group.key] = picked if group.many else picked[0]
    for name in ("minutes", *(q.key for q in spec.questions)):
        if given := posted.get(f"{spec.key}.{name}", "").strip():
            found[name] = given
    return found


def _stored(answers: dict[str, dict], following: str) -> dict:
    """One kind is stored flat; several each under its own key, and flat as well where no two kinds share a word."""
    bare = {kind: {k: v for k, v in given.items() if k != "minutes"} for kind, given in answers.items()}
    said = [key for given in bare.values() for key in given]
    flat = {key: value for given in bare.values() for key, value in given.items() if said.count(key) == 1}
    stored = flat if len(bare) < 2 else {**flat, **{kind: given for kind, given in bare.items() if given}}
    return {**stored, **({"next": following} if following else {})}


def _inside(evidence: dict, kind: str) -> dict:
    """What was tapped of one kind: several kinds are stored each under its own key, one kind flat."""
    answers = evidence["answers"]
    if isinstance(answers.get(kind), dict):
        return answers[kind]
    apart = any(isinstance(answers.get(other), dict) for other in evidence["activities"])
    return {} if apart else answers


def given_in(evidence: dict):
    """This function will give `given(name)` for a record already written, so that its sheet opens as it stands."""

    def given(name: str) -> list[str]:
        kind, _dot, key = name.partition(".")
        value = _inside(evidence, kind).get(key)
        if key == "minutes" and kinds_said(evidence["activities"]) == [
            kind
        ]:  # of several kinds only their sum is known
            value = str(evidence.get("minutes") or "")
        return list(value) if isinstance(value, list) else [value] if value else []

    return given


def kept_in(evidence: dict):
    """This function will give `given(name)` of what may stay for the next child: what was done, never how a child is."""
    forms_of, given = adopt.shelf().commons.forms, given_in(evidence)
    stays = {
        f"{kind}.{group.key}"
        for kind in evidence["activities"]
        if kind in forms_of
        for group in forms_of[kind].groups
        if group.again
    }
    return lambda name: given(name) if name in stays else []


def kinds_said(activities) -> list[str]:
    """This function will give the kinds somebody tapped: 家访 was tapped, 联系家长 only counts along with it."""
    forms_of = adopt.shelf().commons.forms
    known = [key for key in activities if key in forms_of]
    implied = {other for key in known for other in forms_of[key].counts_as}
    return sorted((key for key in known if key not in implied), key=usual)


def said(evidence_activities, answers: dict) -> str:
    """This function will say the tapped answers of a record in one line: 心情、家里 · 挺好."""
    forms_of = adopt.shelf().commons.forms
    evidence = {"activities": evidence_activities, "answers": answers}
    found: dict[str, None] = {}
    for kind in evidence_activities:
        if kind not in forms_of:
            continue
        inside = _inside(evidence, kind)
        for group in forms_of[kind].groups:
            value = inside.get(group.key)
            picked = [value] if isinstance(value, str) else value or []
            if words := listed(o for o in picked if o in group.options):
                found[words] = None
        for question in forms_of[kind].questions:
            words = (
                dict(question.choices).get(inside.get(question.key))
                if question.choices
                else inside.get(question.key)
            )
            if words:
                found[str(words)] = None
    if answers.get("next"):
        found[_("Next: %(what)s") % {"what": answers["next"]}] = None
    return " · ".join(found)


def as_uuid(text: str) -> UUID | None:
    """This function will read a UUID, or give None for anything else."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
