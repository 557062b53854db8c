"""The dry run of a plan that is not in use yet: whom it concerns, what it costs, what it meets, changes and produces.

Read-only and quick, for it is asked after every change of a draft. It advises; people choose.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bangfu.engine import eligibility, pack, pack_check
from bangfu.engine.commons import toml
from bangfu.engine.condition import rule_of
from bangfu.engine.fault import Fault
from bangfu.engine.overlap import Same, same
from bangfu.engine.plan import Plan
from bangfu.engine.rule import Verdict
from bangfu.flow import adopt, forecast, known
from bangfu.flow.forecast import Crowd, Week
from bangfu.records.models import Enrolment, Pupil, SchoolClass

MOST_PER_HELPER, MOST_PER_CLASS = 10, 4  # 施8、施9: no mentor has more than ten, no class more than four
NAMES_SHOWN = 200
SEXES = {"1": "男", "2": "女"}


@dataclass(frozen=True, slots=True)
class Room:
    """One class: its size, how many the rules find, of how many too little is known, how many may be chosen."""

    class_id: UUID
    label: str
    size: int
    worth: int
    unknown: int
    least: int
    most: int

    @property
    def likely(self) -> int:
        """This property will say how many it will probably be, which the price is reckoned with."""
        return max(self.least, min(self.worth, self.most))


@dataclass(frozen=True, slots=True)
class Concerned:
    """One child the rules find, for those who may see it: name, class, why."""

    pupil_id: UUID
    name: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything a dry run found. `before` and `after` are the teachers' weeks now and then, in staff order."""

    plan: Plan
    rooms: tuple[Room, ...]
    judged: bool
    to_ask: tuple[tuple[str, int], ...]
    before: tuple[Week, ...]
    after: tuple[Week, ...]
    cap: int
    unplaced: int
    shared: tuple[tuple[Plan, tuple[Same, ...]], ...]
    lines: tuple[Fault, ...]
    papers: tuple[str, ...]
    ends: tuple[str, ...]
    begins: tuple[str, ...]

    @property
    def over(self) -> tuple[Week, ...]:
        """This property will name the weeks that would be longer than the cap and are not so already."""
        return tuple(week for week in self.after if week.merged > self.cap)

    @property
    def usual(self) -> tuple[float, float]:
        """This property will give the mean minutes a week of those whom any of it concerns, now and then."""
        some = self.busy or ((Week(None, ""), Week(None, "")),)
        return tuple(round(sum(pair[at].merged for pair in some) / len(some), 1) for at in (0, 1))

    @property
    def apart(self) -> float:
        """This property will give the same mean when nothing is done together."""
        some = self.busy
        return round(sum(week.literal for _now, week in some) / len(some), 1) if some else 0.0

    @property
    def busy(self) -> tuple[tuple[Week, Week], ...]:
        """This property will pair now and then for those whom any of it concerns."""
        return tuple((a, b) for a, b in zip(self.before, self.after, strict=True) if a.literal or b.literal)


def trial(*, text: str, by) -> Trial | list[Fault]:
    """This function will run a plan's text dry on today's school; the faults instead if it is no plan yet."""
    plan, faults = pack.read(text, "plan.toml", adopt.shelf().commons)
    if plan is None:
        return faults
    used = adopt.plans_in_force(by.school, by.day)
    current = next((one for one in used if one.key == plan.key), None)
    others = [one for one in used if one.key != plan.key]
    children = _children(by, [plan, *used])
    rooms = {id(one): _rooms(one, children) for one in (plan, *used)}
    here = forecast.people(by.school, by.day)

    def crowd(one: Plan) -> Crowd:
        return Crowd(one, {room.class_id: room.likely for room in rooms[id(one)]})

    before, _left = forecast.weeks([crowd(one) for one in used], here)
    after, left = forecast.weeks([crowd(one) for one in (*others, plan)], here)
    mine = rooms[id(plan)]
    found = [(one, same(plan, one)) for one in others]
    return Trial(
        plan=plan,
        rooms=mine,
        judged=bool(_rules(plan)) and plan.subject == "child",
        to_ask=_to_ask(plan, children),
        before=tuple(before),
        after=tuple(after),
        cap=forecast.cap([plan, *others], by.day),
        unplaced=left if _rules(plan) or (plan.selection and plan.selection.per_class) else 0,
        shared=tuple((one, pairs) for one, pairs in found if pairs),
        lines=tuple(_lines(plan, text)),
        papers=tuple(dict.fromkeys([one.title for one in plan.registers])),
        ends=_only_in(current, plan),
        begins=_only_in(plan, current) if current else (),
    )


def concerned(*, text: str, by) -> tuple[Concerned, ...]:
    """This function will name the children the rules of a text find, only those whose needs `by` may read."""
    plan = adopt.read(text)
    children = _children(by, [plan])
    rules = _rules(plan)
    if not rules or plan.subject != "child":
        return ()
    mine = Pupil.objects.cared_for_by(by).on_roll(by.day)
    names = {pk: (name, key) for pk, name, key in mine.values_list("pk", "name", "sort_key")}
    found = [
        (child, verdict)
        for child in children
        if child.pupil_id in names and (verdict := child.verdicts[id(plan)]).answer
    ]
    found.sort(key=lambda one: (one[0].place, names[one[0].pupil_id][1]))
    return tuple(
        Concerned(
            child.pupil_id, names[child.pupil_id][0], child.label, "；".join(r.text for r in verdict.reasons)
        )
        for child, verdict in found[:NAMES_SHOWN]
    )


@dataclass(slots=True)
class Child:
    """One child on the roll today, with each plan's answer about it."""

    pupil_id: UUID
    class_id: UUID
    place: int
    label: str
    verdicts: dict[int, Verdict]


def _children(by, plans: Iterable[Plan]) -> list[Child]:
    classes = SchoolClass.objects.filter(school=by.school).in_order()
    places = {one.pk: (at, one.label_on(by.day), one.grade_on(by.day)) for at, one in enumerate(classes)}
    rows = Enrolment.objects.on(by.day).filter(school_class__school=by.school)
    rows = rows.values_list("pupil_id", "school_class_id", "pupil__sex")
    asked = [(id(plan), _rules(plan)) for plan in plans]
    names = {one: sorted({name for rule in rules for name in rule.names}) for one, rules in asked}
    wanted = frozenset(name for some in names.values() for name in some)
    said = known.bare(by.school, by.day, wanted) if wanted else {}
    memory: dict[tuple, Verdict] = {}
    found = []
    for pupil, class_id, sex in rows:
        at, label, grade = places[class_id]
        facts = {"grade": grade, "sex": SEXES.get(sex), **said.get(pupil, {})}
        verdicts = {one: _judged((one, rules), names[one], facts, memory) for one, rules in asked}
        found.append(Child(pupil, class_id, at, label, verdicts))
    return found


def _rules(plan: Plan) -> tuple:
    """What decides whether a child is worth a look: the selection's rule, else any category's."""
    where = plan.selection.where if plan.selection else ""
    texts = [where] if where else [one.where for one in plan.categories if one.where and not one.off]
    return tuple(rule_of(plan, text) for text in texts)


def _judged(asked: tuple[int, tuple], names: list[str], facts: Mapping, memory: dict) -> Verdict:
    """Children of whom the same is known get the same answer: it is worked out once."""
    plan_id, rules = asked
    values = tuple(facts.get(name) for name in names)
    key = (plan_id, repr(values))  # a value may be a list, and 1 is not True
    found = memory.get(key)
    if found is None:
        bare = dict(zip(names, values, strict=True))
        verdicts = [rule.judge(bare) for rule in rules]
        yes = [one for one in verdicts if one.answer]
        unsure = [one for one in verdicts if one.answer is None]
        if yes:
            found = Verdict(True, tuple(r for one in yes for r in one.reasons))
        else:
            found = min(unsure, key=lambda one: len(one.unknown)) if unsure else Verdict(False)
        memory[key] = found
    return found


def _rooms(plan: Plan, children: list[Child]) -> tuple[Room, ...]:
    groups: dict[tuple, list[Verdict]] = defaultdict(list)
    for child in children:
        groups[child.place, child.label, child.class_id].append(child.verdicts[id(plan)])
    has_rules, found = bool(_rules(plan)), []
    for (_place, label, class_id), verdicts in sorted(groups.items(), key=lambda item: item[0][0]):
        count = Counter(verdict.answer for verdict in verdicts)
        least, most = eligibility.bounds(plan, len(verdicts))
        if plan.subject != "child" or not plan.selection:
            least, most = 0, count[True] if has_rules else 0
        elif has_rules and (plan.selection.take == "eligible" or not plan.selection.per_class):
            least, most = count[True], count[True] + count[None]
        worth = count[True] if has_rules else most
        found.append(
            Room(class_id, label, len(verdicts), worth, count[None] if has_rules else 0, least, most)
        )
    return tuple(found)


def _to_ask(plan: Plan, children: list[Child]) -> tuple[tuple[str, int], ...]:
    facts = adopt.shelf().commons.facts
    asked: Counter = Counter()
    for child in children:
        verdict = child.verdicts[id(plan)]
        if verdict.answer is None:
            asked.update(verdict.unknown)
    return tuple((facts[key].title if key in facts else key, count) for key, count in asked.most_common(5))


def _lines(plan: Plan, text: str) -> Iterable[Fault]:
    """Lines a plan had better not cross; said while it can still be changed."""
    for rule in plan.pairings:
        if rule.kind == "adult" and rule.per_helper.max > MOST_PER_HELPER:
            what = f"每位老师最多带 {rule.per_helper.max} 名；原来的方案最多 {MOST_PER_HELPER} 名"
            yield Fault(f"pairing[{rule.key}].per_helper", what, "少带几名，或多请几位老师")
    chosen = plan.selection.per_class if plan.selection else None
    if chosen and chosen.max > MOST_PER_CLASS and plan.selection.take == "chosen":
        what = f"每班最多选 {chosen.max} 名，比 {MOST_PER_CLASS} 名多"
        yield Fault("selection.per_class", what, "选得越多，每个孩子分到的时间越少")
    if plan.publicity and plan.publicity.allowed and plan.subject == "child":
        what = "方案要公开名单；需要帮扶的类别不能公开，只能公开姓名、年级、班级和档次"
        yield Fault("publicity.allowed", what, "不是非公示不可的，就不公开")
    for one in plan.awards:
        if one.formula and not one.prizes:
            yield Fault(
                f"award[{one.key}].formula", f"「{one.title}」按数字评，却没有写奖项", "写明奖项，名次不公开"
            )
    raw, _faults = toml(text, "plan.toml")
    yield from pack_check.warnings(raw or {}, "plan.toml")


def _only_in(one: Plan | None, other: Plan | None) -> tuple[str, ...]:
    """Duties and papers that only the first asks for."""
    if one is None:
        return ()
    here = {duty.key for duty in (other.duties if other else ()) if duty.times}
    papers = {paper.key for paper in (other.registers if other else ())}
    gone = [duty.title for duty in one.duties if duty.times and duty.key not in here]
    return tuple(gone + [f"《{paper.title}》" for paper in one.registers if paper.key not in papers])
