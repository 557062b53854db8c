"""When a teacher leaves, is long away or teaches elsewhere, a child changes class, a year turns: the fewest new pairs.

Pairs that still hold stay as they are; only where somebody would be left without anyone are others asked to move, and
then as few as the solver can prove. Nothing changes before one confirmation; what ended stays readable, dated.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from bangfu.engine import matching, tenure
from bangfu.engine.part import Range
from bangfu.engine.plan import PairingRule, Plan
from bangfu.engine.refusal import Refusal
from bangfu.engine.tenure import Fewest, Held, Lapsed
from bangfu.flow import adopt, clock, pair, pair_problem, solve
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit, limits
from bangfu.records.models import Case, Handover, HandoverPair, Pairing, School, SchoolClass, Staff

GOING = {"leaves": "不在学校了", "away": "要长时间请假", "moves": "改做别的工作"}


class NotDecider(Refusal):
    sentence = "换人由包级领导或校长来定。"


class ChangedMeanwhile(Refusal):
    sentence = "刚刚有人改过结对。请再看一眼，再点确认。"


class NotAllowed(Refusal):
    """The plan does not let the person chosen help this child, or they have as many as they may."""


@dataclass(frozen=True, slots=True)
class Going:
    """Who goes, and why: leaves, away or moves; nobody means: look at what holds no longer as it is."""

    staff: Staff | None = None
    why: str = "settle"

    @property
    def gone(self) -> dict[UUID, str]:
        """This property will give {staff id: the reason in words} for the engine."""
        return {self.staff.pk: f"{self.staff.name}{GOING[self.why]}"} if self.staff else {}


@dataclass(frozen=True, slots=True)
class Line:
    """One pair to change: the child, who helped until now and why not longer, who is proposed and who else may."""

    pairing: UUID
    case_id: UUID
    child: matching.Child
    former: tuple[UUID, str]
    why: str
    is_moved: bool
    next: UUID | None
    reason: str
    others: tuple[tuple[UUID, str, int, int], ...]  # id, name, has, at most


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """What changes in one pairing of one plan, and the sentence that says it cannot be less."""

    plan: Plan
    rule: PairingRule
    lines: tuple[Line, ...]
    fewest: Fewest
    stay: int


def rules(plan: Plan) -> tuple[PairingRule, ...]:
    """This function will give the pairings with adults that people decide (fixed ones follow the class)."""
    some = (rule for rule in plan.pairings if rule.kind in ("adult", "team") and not rule.fixed)
    return tuple(some) if plan.subject == "child" else ()


def look(*, by, going: Going = Going()) -> tuple[Rearrangement, ...]:  # noqa: B008 - a frozen value
    """This function will find what holds no longer in every plan in force, with the fewest changes; it writes nothing.

    A supervisor sees the own grade. Raises NotDecider.
    """
    if not by.holds(*pair.DECIDERS):
        raise NotDecider
    found = (
        _look(plan, rule, by, going)
        for plan in adopt.plans_in_force(by.school, by.day)
        for rule in rules(plan)
    )
    return tuple(one for one in found if one.lines)


def helpers(by) -> QuerySet:
    """This function will give whoever helps a child now whose pairs the viewer decides on, as staff ids."""
    live = Pairing.objects.filter(case__in=pair.decided_by(by), state="confirmed", valid_to__isnull=True)
    return live.values("helper")


def count(by, plan: Plan | None = None) -> int:
    """This function will count the pairs (of one plan) that hold no longer, for whoever decides; it solves nothing."""
    if not by.holds(*pair.DECIDERS):
        return 0
    found = 0
    for one in (plan,) if plan else adopt.plans_in_force(by.school, by.day):
        for rule in rules(one):
            held, _ = _held(one, rule, by)
            helpers = pair.helpers_for(rule, one, by) if held else {}
            found += len(_lapsed(rule, held, helpers, Going(), by))
    return found


def _look(plan: Plan, rule: PairingRule, by, going: Going) -> Rearrangement:
    held, locked = _held(plan, rule, by)
    helpers = pair.helpers_for(rule, plan, by) if held else {}
    lapsed = _lapsed(rule, held, helpers, going, by)
    away = pair_problem.away_on(helpers, by.day) if lapsed else {}
    for staff in (*going.gone, *(pk for pk, leave in away.items() if leave.is_long(by.day))):
        helpers.pop(staff, None)
    stay = {one.id: one for one in held} if lapsed else {}
    for one in lapsed:
        stay.pop(one.pair.id, None)
    helpers = _freed(helpers, lapsed)
    some, bound, left = _solved(rule, lapsed, list(stay.values()), (helpers, locked))
    some = _once(some, held)
    moved = [one for one in stay.values() if some.get(one.id, (one.helper,))[0] != one.helper]
    kept = sum(one.may_stay and some.get(one.pair.id, (None,))[0] == one.pair.helper for one in lapsed)
    forced = sum(not one.may_stay and one.pair.child.class_id is not None for one in lapsed)
    also = len(moved) + sum(one.may_stay for one in lapsed) - kept
    lines = [_line(rule, one.pair, one.why, some, (helpers, held)) for one in lapsed]
    lines += [
        replace(_line(rule, one, "让出位置，不然还有学生没有人帮", some, (helpers, held)), is_moved=True)
        for one in moved
    ]
    stays = len(stay) - len(moved) + kept
    over = sum(one.pair.child.class_id is None for one in lapsed)
    said = tenure.fewest(tenure.Counts(forced, also, bound, stays, left, over))
    return Rearrangement(plan, rule, tuple(lines), said, stays)


def _held(plan: Plan, rule: PairingRule, by) -> tuple[list[Held], frozenset[UUID]]:
    """The pairs in force that `by` decides about, each a place of its own; and which of them people locked."""
    mine = pair.decided_by(by).filter(plan_key=plan.key)
    live = Pairing.objects.filter(case__in=mine, kind=rule.key, state="confirmed", valid_to__isnull=True)
    rows = list(live.order_by("valid_from", "pk").select_related("helper", "case"))
    if not rows:
        return [], frozenset()
    cases = Case.objects.filter(pk__in={row.case_id for row in rows})
    children = {one.id: one for one in _children(plan, rule, cases, by)}
    avoided = pair_problem.avoided_by({row.case.pupil_id for row in rows}, by.day)
    with_them = defaultdict(set)
    for row in rows:
        with_them[row.case_id].add(row.helper_id)
    found = []
    for row in rows:
        child = children[row.case_id]
        # Whoever once said no and helps now all the same does help; only an avoidance ends a pair.
        barred = (child.excluded | with_them[row.case_id]) - {row.helper_id} | avoided[row.case.pupil_id]
        slot = replace(
            child, id=row.pk, excluded=frozenset(barred), former_helper=row.helper_id, siblings=frozenset()
        )
        found.append(Held(row.pk, slot, row.helper_id, row.helper.name, row.valid_from, row.case_id))
    return found, frozenset(row.pk for row in rows if row.is_locked)


def _children(plan: Plan, rule: PairingRule, cases: QuerySet[Case], by) -> list[matching.Child]:
    """Children who are helped, as they are today, with how their class is called."""
    labels = {one.pk: one.label_on(by.day) for one in SchoolClass.objects.filter(school=by.school_id)}
    found = pair_problem.children_as_they_are(plan, rule, cases, by.day)
    return [replace(child, class_title=labels.get(child.class_id, "")) for child in found]


def _lapsed(rule: PairingRule, held, helpers, going: Going, by) -> tuple[Lapsed, ...]:
    found = tenure.lapsed(rule, held, helpers, going.gone)
    if going.staff:  # somebody goes: only their pairs are looked at, the rest is another question
        return tuple(one for one in found if one.pair.helper == going.staff.pk)
    term = calendar_for(by.school).term_on(by.day)
    year = None
    if term:
        year = min(
            t.starts_on for t in calendar_for(by.school).terms if t.key[:9] == term.key[:9]
        )  # "2026-2027-1" and "…-2" are one school year
    ended = tenure.over(rule, held, {"term": term.starts_on if term else None, "school_year": year})
    known = {one.pair.id for one in found}
    return (*found, *(one for one in ended if one.pair.id not in known))


def _freed(helpers, lapsed) -> dict:
    """What the lapsed pairs took of each helper is free again."""
    free, minutes = Counter(), Counter()
    for one in lapsed:
        free[one.pair.helper] += 1
        minutes[one.pair.helper] += one.pair.child.minutes
    return {
        pk: replace(h, taken=max(0, h.taken - free[pk]), minutes=max(0, h.minutes - minutes[pk]))
        for pk, h in helpers.items()
    }


def _solved(rule: PairingRule, lapsed, stay, who) -> tuple[dict[UUID, tuple[UUID, str]], int, int]:
    """{pairing: (helper, reason)}, the proven number of pairs that must move, and how many find nobody."""
    helpers, locked = who
    seat, stay = _one_seat(rule), [one for one in stay if one.helper in helpers]  # who is away keeps theirs
    open_ = [
        one.pair.child if one.may_stay else replace(one.pair.child, former_helper=None)
        for one in lapsed
        if one.pair.child.class_id is not None
    ]
    if not open_:
        return {}, 0, 0
    first = solve.best(matching.Problem(seat, tuple(open_), tuple(helpers.values())))
    if not first.left_out or not stay:
        return _told(first), _bound(first), len(first.left_out)
    # Somebody finds nobody: may others move? Nobody is moved for the sake of a minimum.
    loose = seat.model_copy(update={"per_helper": Range(min=0, max=rule.per_helper.max)})
    free, minutes = Counter(one.helper for one in stay), Counter()
    for one in stay:
        minutes[one.helper] += one.child.minutes
    empty = tuple(
        replace(h, least=0, taken=max(0, h.taken - free[h.id]), minutes=max(0, h.minutes - minutes[h.id]))
        for h in helpers.values()
    )
    pins = frozenset((one.id, one.helper) for one in stay if one.id in locked)
    everybody = (*open_, *(one.child for one in stay))
    second = solve.best(matching.Problem(loose, everybody, empty, pins=pins))
    if len(second.left_out) >= len(first.left_out):
        return _told(first), _bound(first), len(first.left_out)
    return _told(second), _bound(second), len(second.left_out)


def _one_seat(rule: PairingRule) -> PairingRule:
    """Each pair is a place of its own: whoever had two helpers and loses one gets one."""
    hard = tuple(one for one in rule.hard if one != "two_adults_for_a_girl")
    return rule.model_copy(update={"per_case": Range(min=1, max=1), "hard": hard, "seats": ()})


def _bound(answer: matching.Answer) -> int:
    return next((level.bound for level in answer.levels if level.aim == "changed"), 0)


def _told(answer: matching.Answer) -> dict[UUID, tuple[UUID, str]]:
    return {slot: (helper, answer.reasons[slot, helper]) for slot, helper in answer.pairs}


def _line(rule: PairingRule, one: Held, why: str, some: Mapping, known) -> Line:
    helpers, _ = known
    helper, reason = some.get(one.id, (None, ""))
    able = [h for h in helpers.values() if one.child.class_id and matching.allowed(rule, one.child, h)]
    others = tuple(
        (h.id, h.name, h.taken, min(h.most, rule.per_helper.max))
        for h in sorted(able, key=lambda h: (h.taken, h.name))
    )
    return Line(one.id, one.case, one.child, (one.helper, one.name), why, False, helper, reason, others)


def _once(some: Mapping[UUID, tuple[UUID, str]], held) -> dict[UUID, tuple[UUID, str]]:
    """Two places of one child never go to the same person."""
    case_of = {one.id: one.case for one in held}
    found, seen = {}, set()
    for slot, (helper, reason) in some.items():
        if (case_of[slot], helper) not in seen:
            seen.add((case_of[slot], helper))
            found[slot] = (helper, reason)
    return found


@transaction.atomic
def confirm(*, chosen: Mapping[UUID, UUID | None], by, going: Going = Going()) -> list[Handover]:  # noqa: B008
    """This function will end and begin the pairs of a change at once, from today: {pairing: staff, None for nobody yet}.

    `chosen` must name every line that was shown. Raises NotDecider, ChangedMeanwhile, NotAllowed. What ended stays.
    """
    adopt.keep_limits(school=by.school, day=by.day)
    School.objects.select_for_update().get(pk=by.school_id)  # two people confirming: one after the other
    seen = look(by=by, going=going)
    if {line.pairing for one in seen for line in one.lines} != chosen.keys() or not chosen:
        raise ChangedMeanwhile
    for one in seen:
        _check(one, chosen)
    rows = Pairing.objects.select_for_update().select_related("case__pupil", "helper").in_bulk(list(chosen))
    with limits.calm():
        return [_write(one, chosen, rows, going, by) for one in seen]


def _check(one: Rearrangement, chosen: Mapping[UUID, UUID | None]) -> None:
    room = {pk: [name, has, most] for line in one.lines for pk, name, has, most in line.others}
    for line in one.lines:
        if line.is_moved and line.former[0] in room:
            room[line.former[0]][1] -= 1
    given = set()
    for line in one.lines:
        wanted = chosen[line.pairing]
        if wanted is None:
            continue
        if wanted not in {pk for pk, *_ in line.others} or (line.case_id, wanted) in given:
            raise NotAllowed(f"按方案，{line.child.name}不能由这位老师来帮。请换一位。")
        given.add((line.case_id, wanted))
        room[wanted][1] += 1
    full = next((r for r in room.values() if r[1] > r[2]), None)
    if full:
        name, has, most = full
        raise NotAllowed(f"{name}最多带 {most} 名，这样就有 {has} 名了。请给其中一名换一位老师。")


def _write(one: Rearrangement, chosen, rows: Mapping[UUID, Pairing], going: Going, by) -> Handover:
    now = clock.now()
    lines = [line for line in one.lines if not line.is_moved or chosen[line.pairing] != line.former[0]]
    here = [line for line in lines if line.child.class_id is not None]  # who left needs nobody
    changed = sum(chosen[line.pairing] != line.former[0] for line in here)
    row = Handover.objects.create(
        school=by.school, plan_key=one.plan.key, kind=one.rule.key, staff=going.staff, why=going.why, on=by.day,
        changed=changed, bound=min(one.fewest.bound, changed), is_proven=one.fewest.is_proven, by=by.staff, at=now,
    )  # fmt: skip
    formers = [rows[line.pairing] for line in lines]
    for line, former in zip(
        lines, formers, strict=True
    ):  # all end before any begins: the caps hold at each step
        former.state, former.valid_to, former.ended_because = "ended", by.day, line.why[:200]
        former.save(update_fields=["state", "valid_to", "ended_because"])
    for line, former in zip(lines, formers, strict=True):
        following = _begin(line, former, chosen[line.pairing], by) if chosen[line.pairing] else None
        HandoverPair.objects.create(handover=row, former=former, next=following)
    changes = {"pairs": [0, len(lines)], "changed": [row.bound, changed]}
    audit.log("pair.hand_over", by=by.staff, at=now, subject=row, changes=changes)
    return row


def _begin(line: Line, former: Pairing, helper: UUID, by) -> Pairing:
    reason = line.reason if helper == line.next else f"由{by.staff.name}选定"
    return Pairing.objects.create(
        case=former.case, plan_key=former.case.plan_key, kind=former.kind, place=former.place, helper_id=helper,
        state="confirmed", reason=f"接替{line.former[1]}：{reason}"[:200] if helper != line.former[0] else reason,
        proposed_by=by.staff, proposed_on=by.day, confirmed_by=by.staff, valid_from=by.day,
    )  # fmt: skip
