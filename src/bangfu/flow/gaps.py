"""What plans must know of each child and nobody has said yet; and saying it (P0-33, P0-34, P6-07, P7A-09, P8-05).

For the files of children being helped, and for who is to be helped: of each plan the fewest facts that could settle
it, gathered into one short list a child, each asked once for all plans. Three answers: a stated no is known, a blank
is not. What may not be read is not asked either.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from bangfu.engine import casefile
from bangfu.engine.coverage import fewest
from bangfu.engine.fact import FactSpec, Value
from bangfu.engine.fault import Fault
from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, coverage, known, look, record
from bangfu.records import audit
from bangfu.records.models import Case, Enrolment, FactStatement, Pupil, SchoolClass

WHO = frozenset(
    {"helper", "deputy", "homeroom_teacher", "class_attached_teacher", "principal", "vice_principal"}
)
SOURCE = "told"
LONGEST = 200


class NotYours(Refusal):
    sentence = "这几件事由帮扶教师或班主任来补。请告诉他们您知道的。"


class NothingSaid(Refusal):
    sentence = "还没有填什么。知道一件填一件，不知道的先空着。"


class NotAnAnswer(Refusal):
    """A value is not of the fact's kind; `faults` says everything at once."""

    def __init__(self, faults: list[Fault]):
        self.faults = tuple(faults)
        super().__init__("还没有记下，先看看下面几处。")


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact some plan must know of a child: what it is called, which plans ask, the newest word on it or None.

    `is_for_choice`: not a file asks, but whether a plan is for this child at all.
    """

    spec: FactSpec
    plans: tuple[str, ...]
    value: Value = None
    since: date | None = None
    is_for_choice: bool = False

    @property
    def is_missing(self) -> bool:
        return self.value in (None, "")


@dataclass(frozen=True, slots=True)
class Row:
    """A child of a class: which facts are still to be asked, in words: for its file, and to settle who is helped."""

    pupil_id: UUID
    name: str
    seat_no: int | None
    missing: tuple[str, ...]
    to_settle: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """This property will give both as one list; empty when nothing is to be asked."""
        return self.missing + self.to_settle


def asks(viewer, plans=None) -> bool:
    """This function will say whether any plan in force must know something of a child; one query, or none."""
    plans = adopt.plans_in_force(viewer.school, viewer.day) if plans is None else plans
    return bool(_plans(viewer, plans) or coverage.plans_that_choose(viewer.school, viewer.day, plans))


def may_see_all(viewer, school_class: SchoolClass) -> bool:
    """This function will say whether the viewer may read the gaps of a class: its class teacher and the leaders."""
    own = school_class.pk in viewer.class_ids_as("homeroom_teacher")
    return school_class.school_id == viewer.school_id and (own or viewer.is_leader)


def classes(viewer):
    """This function will give the classes whose gaps the viewer may read, in school order."""
    here = SchoolClass.objects.visible_to(viewer).filter(school_id=viewer.school_id)
    if not viewer.is_leader:
        here = here.filter(pk__in=viewer.class_ids_as("homeroom_teacher"))
    return here.in_order()


def of_child(
    viewer, pupil_id: UUID, roles: frozenset[str], plans=None, *, to_choose: bool = True
) -> list[Asked]:
    """This function will list what the plans must know of a child in the viewer's care; a few queries, after `head`.

    `plans` are those in force, if somebody has read them already. What files need comes first; then,
    unless told otherwise, what could settle whether a plan is for this child.
    """
    plans = adopt.plans_in_force(viewer.school, viewer.day) if plans is None else plans
    with_files = _plans(viewer, plans)
    cases = (
        Case.objects.visible_to(viewer).open_on(viewer.day).filter(pupil=pupil_id, plan_key__in=with_files)
    )
    wanted = _wanted(with_files, cases.values_list("pupil_id", "plan_key", "category"))[pupil_id]
    settling = _to_choose(viewer, [pupil_id], plans).get(pupil_id, {}) if to_choose else {}
    said = known.newest([pupil_id], viewer.day).get(pupil_id, {}) if wanted else {}
    facts, all_of_it = adopt.shelf().commons.facts, look.may_see_needs(roles)
    asked = [
        Asked(facts[key], asking, said[key].value, said[key].valid_from)
        if key in said
        else Asked(facts[key], asking)
        for key, asking in wanted.items()
    ]
    more = [Asked(facts[k], plans, is_for_choice=True) for k, plans in settling.items() if k not in wanted]
    return [one for one in asked + more if all_of_it or one.spec.privacy == "plain"]


def of_classes(viewer, class_ids) -> dict[UUID, list[Row]]:
    """This function will list the children of each class with what is missing; a few queries for any number.

    Ask `may_see_all` of each class first: everything that is missing is named.
    """
    in_force = adopt.plans_in_force(viewer.school, viewer.day)
    plans = _plans(viewer, in_force)
    here = Enrolment.objects.on(viewer.day).filter(school_class__in=class_ids)
    cases = Case.objects.visible_to(viewer).open_on(viewer.day).filter(plan_key__in=plans)
    cases = cases.filter(pupil__in=here.values("pupil"))
    wanted = _wanted(plans, cases.values_list("pupil_id", "plan_key", "category"))
    said, facts = known.newest(wanted.keys(), viewer.day), adopt.shelf().commons.facts
    children = list(
        here.order_by("seat_no", "pupil__sort_key", "pupil").values_list(
            "school_class_id", "pupil_id", "pupil__name", "seat_no"
        )
    )
    to_choose = _to_choose(viewer, [pupil for _, pupil, _, _ in children], in_force)
    is_choosing = bool(coverage.plans_that_choose(viewer.school, viewer.day, in_force))
    found: dict[UUID, list[Row]] = {class_id: [] for class_id in class_ids}
    for class_id, pupil, name, seat_no in children:
        known_of, asked = said.get(pupil, {}), wanted.get(pupil, {})
        missing = [key for key in asked if key not in known_of or known_of[key].value in (None, "")]
        more = [key for key in to_choose.get(pupil, {}) if key not in asked]
        if asked or is_choosing:
            told = (tuple(facts[key].title for key in keys) for keys in (missing, more))
            found[class_id].append(Row(pupil, name, seat_no, *told))
    return found


def _plans(viewer, plans=None) -> dict[str, Plan]:
    plans = adopt.plans_in_force(viewer.school, viewer.day) if plans is None else plans
    return {plan.key: plan for plan in plans if any(one.of == "child" for one in plan.files)}


def _to_choose(viewer, pupil_ids, plans) -> dict[UUID, dict[str, tuple[str, ...]]]:
    """{pupil id: {fact key: short titles}}: the fewest facts that could settle whether plans are for a child."""
    titles = {plan.key: plan.short_title for plan in plans}
    places = coverage.places_of(school=viewer.school, day=viewer.day, pupil_ids=pupil_ids, plans=plans)
    found: dict[UUID, dict[str, tuple[str, ...]]] = {}
    for pupil, in_plans in places.items():
        found[pupil] = {
            key: tuple(titles[one.at] for one in in_plans.values() if key in one.facts)
            for key in fewest(tuple(in_plans.values()))
        }
    return found


def _wanted(plans: Mapping[str, Plan], cases) -> dict[UUID, dict[str, tuple[str, ...]]]:
    """{pupil id: {fact key: short titles of the plans that ask}}: a fact that three plans want is asked once."""
    found: dict[UUID, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for pupil, plan_key, category in cases:
        plan = plans[plan_key]
        for file in plan.files:
            if file.of != "child":
                continue
            for key in casefile.missing(
                plan, file.key, category, {}
            ):  # with nothing known, all that it needs
                asking = found[pupil].get(key, ())
                found[pupil][key] = asking if plan.short_title in asking else (*asking, plan.short_title)
    return found


@transaction.atomic
def state(*, pupil: Pupil, values: Mapping[str, Value], by) -> FactStatement | None:
    """This function will keep what somebody who helps a child says today; what was known already is not repeated.

    None when nothing is new. Raises NotYours, NothingSaid, NotAnAnswer (everything at once).
    """
    roles = record.roles_on([pupil], by=by)[pupil.pk]
    cared = Pupil.objects.cared_for_by(by).filter(pk=pupil.pk).exists()
    if not cared or roles.isdisjoint(WHO):
        raise NotYours
    facts = adopt.shelf().commons.facts
    told = {key: value for key, value in values.items() if value not in (None, "")}
    strange = [key for key in told if key not in facts or facts[key].of != "child"]
    secret = [key for key in told if key not in strange and facts[key].privacy == "sensitive"]
    if strange or (secret and not look.may_see_needs(roles)):
        raise NotYours
    if faults := [
        Fault(key, f"「{facts[key].title}」：{wrong}")
        for key, value in told.items()
        if (wrong := _wrong(facts[key], value))
    ]:
        raise NotAnAnswer(faults)
    if not told:
        raise NothingSaid
    before = known.newest([pupil.pk], by.day).get(pupil.pk, {})
    new = {key: value for key, value in told.items() if key not in before or before[key].value != value}
    if not new:
        return None
    row = FactStatement.objects.create(
        pupil=pupil, source=SOURCE, stated_on=by.day, known_at=clock.now(), by=by.staff,
        values={key: value.isoformat() if isinstance(value, date) else value for key, value in new.items()},
    )  # fmt: skip
    changes = {key: [None, audit.plain(value)] for key, value in new.items()}
    audit.log("gaps.state", by=by.staff, at=row.known_at, subject=row, changes=changes)
    return row


def _wrong(spec: FactSpec, value: Value) -> str:
    if not spec.admits(value):
        return {
            "bool": "选“是”或“不是”",
            "int": "写一个数",
            "text": "写几个字",
            "date": "写一个日子",
            "choice": "从给出的几样里选一样",
        }[spec.type]
    if spec.type == "text" and len(str(value)) > LONGEST:
        return f"请写在 {LONGEST} 字以内"
    if spec.type == "int" and (
        value < 0 or spec.levels and not (value < len(spec.levels) and spec.levels[value])
    ):
        return "没有这一档" if spec.levels else "不能比 0 小"
    return ""
