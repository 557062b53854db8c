"""Classmates side by side: the children choose, volunteers only where the plan says so, either can stop at any time.

One class at a time, all its plans at once, so no page names a plan or says who is helped (P0-23, P2-06, P5-18, P6-10).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from bangfu.engine.plan import PairingRule, Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, peer_match, study_groups
from bangfu.flow.almanac import calendar_for
from bangfu.flow.peer_match import Asked, rows_of
from bangfu.flow.peer_words import Mate, check_minds, mates
from bangfu.records import audit, limits
from bangfu.records.models import PeerPair, PeerWish, SchoolClass
from bangfu.records.models.peers import HOW

Couple = frozenset  # two pupil ids, in no order


class AskFirst(Refusal):
    sentence = "请先问两位同学自己的意思：愿不愿意、想和谁一起，家里知不知道。记下来，再结对。"


class NoTwo(Refusal):
    sentence = "请选本班的两位同学。名单可能刚刚变了，请刷新后再选。"


class HasPartners(Refusal):
    """One of the two has as many partners as there may be."""


class Gone(Refusal):
    sentence = "这一对刚刚变了。请刷新后再看。"


@dataclass(frozen=True, slots=True)
class Together:
    """Two classmates, or a study group, as everybody may read it: names in seat order, since when, how it came about.

    `state` is proposed or confirmed; nothing here says who is helped, by which plan, or why.
    """

    members: tuple[Mate, ...]
    state: str
    how: str
    since: date | None = None
    number: int = 0  # of a study group

    @property
    def key(self) -> str:
        """This property will give what a form names it by."""
        return " ".join(str(one.id) for one in self.members)


def rules_in_force(school, day: date) -> tuple[tuple[Plan, PairingRule], ...]:
    """This function will list the pairings with classmates of the plans in force."""
    return tuple(
        (plan, rule)
        for plan in adopt.plans_in_force(school, day)
        for rule in plan.pairings
        if rule.kind in ("peer", "group")
    )


def together(school_class: SchoolClass, viewer) -> tuple[Together, ...]:
    """This function will list who learns side by side in a class, couples first, then study groups."""
    here = mates(school_class, viewer.day)
    order = {pk: at for at, pk in enumerate(here)}
    rows = rows_of(viewer.school, here, viewer.day)
    rows = rows.filter(pk__in=PeerPair.objects.visible_to(viewer).values("pk"))
    some: dict[tuple, list[PeerPair]] = {}
    for row in rows.select_related("group").order_by("proposed_on", "pk"):
        of = row.group_id or Couple((row.pupil_id, row.partner_id))
        some.setdefault((of, row.state), []).append(row)
    for (of, state), mine in some.items():  # who may join a group is shown with those who are in it
        if state == "proposed" and isinstance(of, UUID):
            mine += some.get((of, "confirmed"), [])
    found = [_seen(mine, state, here, order) for (_of, state), mine in some.items()]
    return tuple(sorted(found, key=lambda one: (one.number, [order[mate.id] for mate in one.members])))


def _seen(rows: list[PeerPair], state: str, here: dict[UUID, Mate], order: dict[UUID, int]) -> Together:
    ids = sorted({pk for row in rows for pk in (row.pupil_id, row.partner_id)}, key=order.__getitem__)
    since = min((row.valid_from for row in rows if row.valid_from), default=None)
    number = rows[0].group.number if rows[0].group_id else 0
    how = min((row.how for row in rows), key=HOW.index)
    return Together(tuple(here[pk] for pk in ids), state, how, since, number)


@dataclass(frozen=True, slots=True)
class Found:
    """What proposing came to: how many couples and groups are proposed, how many children wait for more words."""

    couples: int
    groups: int
    waiting: int


@transaction.atomic
def propose(*, school_class: SchoolClass, by) -> Found:
    """This function will propose partners and study groups for a class; earlier proposals of the machine are replaced.

    What people put together stays. Raises NotYourClass.
    """
    here = _lock(school_class, by)
    rows = rows_of(by.school, here, by.day)
    rows.filter(state="proposed").exclude(how="by_hand").delete()
    waiting = set()
    for rule in rules_in_force(by.school, by.day):
        asked = peer_match.asked(rule, school_class, here, by.day)
        waiting |= asked.waiting - _store(asked, by)
    _count_friends(rows, by)
    seen = [one for one in together(school_class, by) if one.state == "proposed"]
    found = Found(sum(not one.number for one in seen), sum(bool(one.number) for one in seen), len(waiting))
    if seen:
        changes = {"couples": [0, found.couples], "groups": [0, found.groups]}
        audit.log("peers.propose", by=by.staff, at=clock.now(), subject=school_class, changes=changes)
    return found


def _store(asked: Asked, by) -> set[UUID]:
    """Store what the solver chose, and say for whom."""
    chosen = study_groups.choose(asked) if asked.rule.kind == "group" else {None: peer_match.choose(asked)}
    for slot, pairs in chosen.items():
        group = slot
        if isinstance(slot, int):
            group = study_groups.made(asked.school_class, by).pk
        PeerPair.objects.bulk_create(
            PeerPair(
                school_id=by.school_id, pupil_id=pupil, case_id=asked.cases[pupil], plan_key=asked.plan.key,
                kind=asked.rule.key, partner_id=partner, group_id=group, how=asked.how(pupil, partner),
                proposed_by=by.staff, proposed_on=by.day,
            )
            for pupil, partner in sorted(pairs, key=str)
        )  # fmt: skip
    return {pupil for pairs in chosen.values() for pupil, _partner in pairs}


def _count_friends(rows: QuerySet[PeerPair], by) -> None:
    """Two who learn together already need no second yes where one more plan counts it."""
    couples = rows.filter(group__isnull=True)
    held = {Couple(two) for two in couples.filter(state="confirmed").values_list("pupil_id", "partner_id")}
    for row in couples.filter(state="proposed"):
        if Couple((row.pupil_id, row.partner_id)) in held:
            _confirm(row, by)


def _lock(school_class: SchoolClass, by) -> dict[UUID, Mate]:
    """Two people at once wait for each other here; pairs whose days are over are closed first."""
    check_minds(by, school_class)
    SchoolClass.objects.select_for_update().get(pk=school_class.pk)
    here = mates(school_class, by.day)
    past = PeerPair.objects.filter(
        Q(pupil__in=list(here)) | Q(partner__in=list(here)), school=by.school_id, state="confirmed"
    )
    past.filter(valid_to__lte=by.day).update(state="ended")
    loose = ~Q(pupil__in=list(here)) | ~Q(partner__in=list(here)) | Q(case__closed_on__lte=by.day)
    PeerPair.objects.filter(pk__in=past.filter(loose).values("pk")).update(state="ended", valid_to=by.day)
    return here


@transaction.atomic
def confirm(*, school_class: SchoolClass, by, keys: Iterable[str] | None = None) -> int:
    """This function will put proposals of a class in force from today: all, or those named by `Together.key`.

    Gives how many; a second press does no harm. Raises NotYourClass, Gone, HasPartners, limits.AtLimit.
    """
    here = _lock(school_class, by)
    rows = rows_of(by.school, here, by.day)
    found = together(school_class, by)
    seen = {one.key: one for one in sorted(found, key=lambda one: one.state == "proposed")}
    keys = [key for key, one in seen.items() if one.state == "proposed"] if keys is None else list(keys)
    if not seen.keys() >= set(keys):
        raise Gone
    asked = {
        (rule[0].key, rule[1].key): peer_match.asked(rule, school_class, here, by.day)
        for rule in rules_in_force(by.school, by.day)
    }
    rules = [one.rule for one in asked.values() if one.rule.kind == "peer"]
    for key in keys:
        for row in rows.filter(state="proposed", **_between(seen[key])).order_by("pk"):
            _check(row, asked.get((row.plan_key, row.kind)), here, rules)
            _confirm(row, by)
    return len(keys)


def _between(one: Together) -> dict:
    ids = [mate.id for mate in one.members]
    return {"pupil__in": ids, "partner__in": ids, "group__isnull": not one.number} | (
        {"group__number": one.number} if one.number else {}
    )


def _check(row: PeerPair, asked: Asked | None, here: dict[UUID, Mate], rules: list[PairingRule]) -> None:
    """A proposal may be days old: a child or a family may have said no since, or the plan may have changed."""
    if row.case_id is None:  # friends: the same is asked of them, so nothing shows who is helped
        _check_two(here[row.pupil_id], here[row.partner_id], rules)
        return
    if asked is None:
        raise Gone
    if asked.why_not(row.pupil_id, row.partner_id):
        raise AskFirst
    partners = PeerPair.objects.filter(partner=row.partner_id, plan_key=row.plan_key, kind=row.kind)
    count = (
        rows_of(asked.school_class.school, here, asked.day)
        .filter(pk__in=partners.values("pk"), state="confirmed")
        .count()
    )
    if count >= asked.rule.per_helper.max:
        raise HasPartners(_has_enough(here[row.partner_id], count))


def _confirm(row: PeerPair, by) -> None:
    row.state, row.confirmed_by, row.valid_from = "confirmed", by.staff, by.day
    row.valid_to = _until(row, by)
    try:
        with limits.calm():
            row.save(update_fields=["state", "confirmed_by", "valid_from", "valid_to"])
    except limits.AtLimit as full:
        raise HasPartners("两位里有一位已经有伙伴了，先到这里。请刷新后再看。") from full
    changes = {"state": ["proposed", "confirmed"]}
    audit.log("peers.confirm", by=by.staff, at=clock.now(), subject=row, changes=changes)


def _rule_of(row: PeerPair, by) -> tuple[Plan, PairingRule] | None:
    found = rules_in_force(by.school, by.day)
    return next((one for one in found if (one[0].key, one[1].key) == (row.plan_key, row.kind)), None)


def _until(row: PeerPair, by) -> date | None:
    """A pair for a term ends with it; the children choose anew."""
    rule = _rule_of(row, by)
    if rule and rule[1].lasts != "term":
        return None
    term = calendar_for(by.school).term_on(by.day)
    return term.ends_on + timedelta(days=1) if term else None


def _has_enough(mate: Mate, count: int) -> str:
    return f"{mate.name}已经有 {count} 位伙伴了，先到这里。要换的话，先问问他们，再停下原来的。"


@transaction.atomic
def place(*, school_class: SchoolClass, one: UUID, other: UUID, by) -> None:
    """This function will put two classmates together by hand, as a proposal: for a plan where it fits, else as friends.

    The same is asked of both, whoever they are, so no refusal says who is helped. Raises NoTwo, AskFirst, HasPartners.
    """
    here = _lock(school_class, by)
    if one == other or not here.keys() >= {one, other}:
        raise NoTwo
    rules = [rule for rule in rules_in_force(by.school, by.day) if rule[1].kind == "peer"]
    _check_two(here[one], here[other], [rule for _plan, rule in rules])
    rows = rows_of(by.school, here, by.day).filter(group__isnull=True)
    if rows.filter(pupil__in=(one, other), partner__in=(one, other)).exists():
        return
    _check_room(rows, (here[one], here[other]), [rule for _plan, rule in rules])
    made = []
    for plan, rule in rules:
        asked = peer_match.asked((plan, rule), school_class, here, by.day)
        for pupil, partner in ((one, other), (other, one)):
            if asked.waits(pupil) and not asked.why_not(pupil, partner):
                case = asked.cases[pupil]
                PeerPair.objects.filter(case=case, kind=rule.key, state="proposed").exclude(
                    how="by_hand"
                ).delete()
                made.append(_by_hand(pupil, partner, by, (case, plan.key, rule.key)))
    if not made:
        _by_hand(one, other, by, (None, "", ""))


def _by_hand(pupil: UUID, partner: UUID, by, of: tuple[UUID | None, str, str]) -> PeerPair:
    case, plan, kind = of
    return PeerPair.objects.create(
        school_id=by.school_id, pupil_id=pupil, case_id=case, plan_key=plan, kind=kind, partner_id=partner,
        how="by_hand", proposed_by=by.staff, proposed_on=by.day,
    )  # fmt: skip


def _check_two(one: Mate, other: Mate, rules: list[PairingRule]) -> None:
    hard = {word for rule in rules for word in rule.hard}
    willing = [mate.word.is_willing for mate in (one, other)]
    family = [mate.word.family_agrees for mate in (one, other)]
    wished = other.id in one.wishes or one.id in other.wishes
    wrong = (
        False in willing or False in family,
        "volunteer" in hard and None in willing,
        "consent" in hard and None in family,
        "child_chooses" in hard and not wished,
    )
    if any(wrong):
        raise AskFirst


def _check_room(rows: QuerySet[PeerPair], two: tuple[Mate, Mate], rules: list[PairingRule]) -> None:
    most = max((rule.per_helper.max for rule in rules), default=1)
    partners = Counter()
    for couple in {frozenset(pair) for pair in rows.values_list("pupil_id", "partner_id")}:
        partners.update(couple)
    for mate in two:
        if partners[mate.id] >= max(most, mate.word.at_most):
            raise HasPartners(_has_enough(mate, partners[mate.id]))


@transaction.atomic
def stop(*, school_class: SchoolClass, key: str, by, because: str = "") -> None:
    """This function will end what two classmates or a group have together, from today, or drop a proposal.

    Nobody has to say why. The machine does not put two who stopped together again in this term, unless one of them
    wishes for it anew.
    """
    here = _lock(school_class, by)
    found = [one for one in together(school_class, by) if one.key == key]
    if not found:
        raise Gone
    rows = rows_of(by.school, here, by.day).filter(**_between(found[0]))
    if all(one.state == "proposed" for one in found):
        rows.filter(state="proposed").delete()
        return
    ids = [mate.id for mate in found[0].members]
    if not found[0].number:
        PeerWish.objects.standing().filter(pupil__in=ids, wanted__in=ids).update(valid_to=by.day)
    _end(rows, by, because)


@transaction.atomic
def leave(*, school_class: SchoolClass, number: int, pupil: UUID, by) -> None:
    """This function will let one child leave a study group; the others go on. Raises NotYourClass, Gone."""
    here = _lock(school_class, by)
    rows = rows_of(by.school, here, by.day).filter(group__number=number)
    rows = rows.filter(Q(pupil=pupil) | Q(partner=pupil))
    if not rows.exists():
        raise Gone
    _end(rows, by, "")


def _end(rows: QuerySet[PeerPair], by, because: str) -> None:
    rows.filter(state="proposed").delete()
    for row in rows.filter(state="confirmed"):
        row.state, row.valid_to, row.ended_because = "ended", by.day, because.strip()[:100]
        row.save(update_fields=["state", "valid_to", "ended_because"])
        audit.log("peers.stop", by=by.staff, at=clock.now(), subject=row)
