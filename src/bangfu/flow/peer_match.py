"""One pairing with classmates in one class: who waits, who may keep company, and the best choice by the children's wishes.

Coverage first, then first wishes that are returned, first wishes, returned ones, any wish; solved by flow/solve.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from bangfu.engine import matching
from bangfu.engine.bond import Child, Helper
from bangfu.engine.matching_problem import Problem
from bangfu.engine.part import Range
from bangfu.engine.plan import PairingRule, Plan
from bangfu.flow import adopt, known, solve
from bangfu.flow.almanac import calendar_for
from bangfu.flow.peer_words import Mate
from bangfu.records.models import Case, PeerPair, School, SchoolClass
from bangfu.records.models.peers import HOW

CAME_ALONG = ("moved_with_parents", "migrant_child")  # known and both "no": somebody from here
Pair = tuple[UUID, UUID]  # the child the plan is about, the classmate


@dataclass(frozen=True, slots=True)
class Asked:
    """One pairing of one plan in one class on a day; `held` are its pairs in force or put together by hand."""

    plan: Plan
    rule: PairingRule
    school_class: SchoolClass
    cases: dict[UUID, UUID]
    children: dict[UUID, Child]
    helpers: dict[UUID, Helper]
    held: frozenset[Pair]
    day: date
    wishes: dict[UUID, tuple[UUID, ...]]  # of every classmate

    @property
    def need(self) -> int:
        """This property will say how many classmates each child is to have."""
        return max(1, self.rule.per_case.min)

    @property
    def taken(self) -> Counter:
        """This property will count the children each classmate keeps company already."""
        return Counter(partner for _pupil, partner in self.held)

    def waits(self, pupil: UUID) -> bool:
        """This function will say whether a child has fewer classmates than the plan wants."""
        return pupil in self.children and sum(one == pupil for one, _partner in self.held) < self.need

    @property
    def waiting(self) -> set[UUID]:
        """This property will list the children who have fewer classmates than the plan wants."""
        return {pupil for pupil in self.children if self.waits(pupil)}

    def why_not(self, pupil: UUID, partner: UUID) -> str:
        """This function will say why the two may not be put together by this pairing; empty when they may."""
        if pupil not in self.children or partner not in self.helpers:
            return "不在这一条结对里"
        return matching.refusal(self.rule, self.children[pupil], self.helpers[partner], _words())

    def how(self, pupil: UUID, partner: UUID) -> str:
        """This function will say how the two came together: both chose, one did, neither did."""
        chose = (partner in self.wishes[pupil]) + (pupil in self.wishes[partner])
        return HOW[2 - chose]


def _words():
    return adopt.shelf().commons.facts


def rows_of(school: School, here: Iterable[UUID], day: date) -> QuerySet[PeerPair]:
    """This function will give the pairs that stand on a day, in force or proposed, both children among `here`."""
    here = list(here)
    over = Q(valid_to__isnull=False, valid_to__lte=day) | Q(
        case__closed_on__isnull=False, case__closed_on__lte=day
    )
    mine = PeerPair.objects.filter(school=school, pupil__in=here, partner__in=here)
    standing = mine.filter(state__in=("proposed", "confirmed"))
    return standing.exclude(pk__in=standing.filter(over).values("pk"))


def asked(
    rule: tuple[Plan, PairingRule], school_class: SchoolClass, mates: dict[UUID, Mate], day: date
) -> Asked:
    """This function will read who is asked about: children of the pairing's categories, everybody who may keep company."""
    plan, one = rule
    cases = Case.objects.filter(pupil__in=list(mates), plan_key=plan.key).open_on(day)
    cases = cases.filter(category__in=one.for_) if one.for_ else cases
    about = {pupil: (pk, category) for pupil, pk, category in cases.values_list("pupil_id", "pk", "category")}
    rows = rows_of(school_class.school, mates, day).filter(plan_key=plan.key, kind=one.key)
    held = frozenset(
        rows.filter(Q(state="confirmed") | Q(how="by_hand")).values_list("pupil_id", "partner_id")
    )
    facts = _facts(one, mates, day)
    apart = _apart(school_class, mates, day)
    close = _close(school_class, mates, day)
    children = {
        pk: _child(one, mate, about[pk][1], (school_class, facts.get(pk, {}), apart, close))
        for pk, mate in mates.items()
        if pk in about and not _no(mate)
    }
    taken = Counter(partner for _pupil, partner in held)
    helpers = {
        pk: _helper(one, mate, (school_class, facts.get(pk, {}), taken[pk]))
        for pk, mate in mates.items()
        if not _no(mate)
    }
    return Asked(
        plan, one, school_class, {pk: case for pk, (case, _category) in about.items()}, children, helpers, held, day,
        {pk: mate.wishes for pk, mate in mates.items()},
    )  # fmt: skip


def _no(mate: Mate) -> bool:
    return mate.word.is_willing is False or mate.word.family_agrees is False


def _facts(rule: PairingRule, mates: Iterable[UUID], day: date) -> dict[UUID, dict]:
    if not (rule.where or rule.helper_where or "a_local_in_each_group" in rule.hard):
        return {}
    return {pk: {k: s.value for k, s in said.items()} for pk, said in known.newest(list(mates), day).items()}


def _child(rule: PairingRule, mate: Mate, category: str, about: tuple) -> Child:
    school_class, facts, apart, close = about
    return Child(
        id=mate.id, class_id=school_class.pk, name=mate.name, category=category, facts=facts,
        chosen=frozenset(mate.wishes), consent=mate.word.family_agrees, helped_by=frozenset(close.get(mate.id, ())),
        excluded=frozenset(apart.get(mate.id, ())),
    )  # fmt: skip


def _helper(rule: PairingRule, mate: Mate, about: tuple) -> Helper:
    school_class, facts, taken = about
    most, word = rule.per_helper.max, mate.word
    if rule.kind == "peer" and word.is_willing:
        most = min(most, word.at_most)
    family = "consent" not in rule.hard or word.family_agrees is True
    came = [facts.get(key) for key in CAME_ALONG]
    return Helper(
        id=mate.id, name=mate.name, roles={school_class.pk: frozenset(rule.roles)}, least=0, most=most, taken=taken,
        volunteer=word.is_willing if family else None, local=False in came and True not in came, facts=facts,
    )  # fmt: skip


def _apart(school_class: SchoolClass, mates: dict[UUID, Mate], day: date) -> dict[UUID, set[UUID]]:
    """Who stopped in this term and does not wish for it anew: the machine does not put them together again."""
    term = calendar_for(school_class.school).term_on(day)
    ended = PeerPair.objects.filter(state="ended", pupil__in=list(mates), partner__in=list(mates))
    ended = ended.filter(valid_to__gte=term.starts_on) if term else ended.none()
    found: dict[UUID, set[UUID]] = {}
    for pupil, partner in ended.values_list("pupil_id", "partner_id"):
        if partner not in mates[pupil].wishes and pupil not in mates[partner].wishes:
            found.setdefault(pupil, set()).add(partner)
            found.setdefault(partner, set()).add(pupil)
    return found


def _close(school_class: SchoolClass, mates: dict[UUID, Mate], day: date) -> dict[UUID, set[UUID]]:
    """Who is together already by another plan or as friends: one friend for several is the lighter way."""
    found: dict[UUID, set[UUID]] = {}
    for one, other in rows_of(school_class.school, mates, day).values_list("pupil_id", "partner_id"):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def choose(found: Asked) -> set[Pair]:
    """This function will choose a partner for each child who waits, as far as there is one; wishes in their order."""
    waiting = sorted(found.waiting, key=str)
    if not waiting:
        return set()
    pins = frozenset(pair for pair in found.held if pair[0] in found.waiting)
    freed = Counter(partner for _pupil, partner in pins)
    helpers = tuple(
        replace(helper, taken=helper.taken - freed[pk])
        for pk, helper in sorted(found.helpers.items(), key=_id)
    )
    rule, before = _by_wish(found.rule, found.need), pins
    pairs: set[Pair] = set(pins)
    for wanted in _steps(found, waiting):
        children = tuple(
            replace(found.children[pk], chosen=frozenset(wanted[pk]), excluded=_barred(found, pk))
            for pk in waiting
        )
        answer = solve.best(Problem(rule, children, helpers, pins, _words()))
        pairs = set(answer.pairs)
        pins |= {pair for pair in pairs if pair[1] in wanted[pair[0]]}
    return pairs - before


def _id(item: tuple) -> str:
    return str(item[0])


def _by_wish(rule: PairingRule, need: int) -> PairingRule:
    """The same rule as the solver is asked it: who was not chosen is excluded already, a wish counts before all else."""
    hard = tuple(word for word in rule.hard if word != "child_chooses")
    prefer = ("child_choice", "one_adult_many_roles", "keep", "even_load")
    return rule.model_copy(update={"hard": hard, "prefer": prefer, "per_case": Range(min=need, max=need)})


def _barred(found: Asked, pupil: UUID) -> frozenset:
    child = found.children[pupil]
    if "child_chooses" not in found.rule.hard:
        return child.excluded
    return child.excluded | (found.helpers.keys() - child.chosen)


def _steps(found: Asked, waiting: list[UUID]) -> Iterator[dict[UUID, set[UUID]]]:
    """Wider and wider circles of wishes; a circle that adds nothing is left out, one is always there."""
    wishes = {pk: found.wishes[pk] for pk in waiting}
    back = {pk: {one for one in wishes[pk] if pk in found.wishes.get(one, ())} for pk in waiting}
    first = {pk: set(wishes[pk][:1]) for pk in waiting}
    circles = [
        {pk: first[pk] & back[pk] for pk in waiting},
        first,
        {pk: first[pk] | back[pk] for pk in waiting},
        {pk: set(wishes[pk][:2]) | back[pk] for pk in waiting},
        {pk: set(wishes[pk]) for pk in waiting},
    ]
    seen = None
    for circle in circles:
        if circle != seen and (any(circle.values()) or circle is circles[-1]):
            seen = circle
            yield circle
