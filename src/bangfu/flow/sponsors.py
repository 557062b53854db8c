"""One child, one sponsor: families are asked first, sponsors offer, the solver suggests, people decide (P0-15, P1-18).

A sponsor is told an alias, the grade and what would help, and nothing else. A family takes its yes back any day.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bangfu.engine import matching
from bangfu.engine.plan import PairingRule, Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, solve
from bangfu.flow.register import classes_of
from bangfu.records import audit, limits
from bangfu.records.models import Case, Enrolment, Guardian, Pupil, Sponsor, SponsorPair
from bangfu.records.models.places import GRADE_NAMES, grade_of_entry_year
from bangfu.records.models.sponsors import KEEPERS
from bangfu.records.seal import blind

WISHES = ("课外书", "学习用品", "书包", "衣服鞋子", "生活用品", "体育用品", "生活费", "写信鼓励")
ALIASES = tuple("小" + one for one in "禾雨树星溪麦竹山云石鹿松月枫莓舟燕桥荷泉")
COMMON = frozenset("小阿")  # may stand in a name and in an alias


class NotKeeper(Refusal):
    sentence = "资助人由校长、副校长和资助专干来管，家里的意见也可以由班主任记。"


class NoPlan(Refusal):
    sentence = "现在的方案里没有资助人这一项。"


class SayWho(Refusal):
    sentence = "请写下家里是谁答复的，比如：奶奶 陈秀英。"


class NotYet(Refusal):
    sentence = "日期还没有到，请选今天或以前的一天。"


class AnsweredAlready(Refusal):
    sentence = "这一家刚刚已经答复过了。请刷新后再看。"


class AliasTooNear(Refusal):
    sentence = "化名里不要用孩子名字里的字，也不要和别的孩子重名。请换一个。"


class Unnamed(Refusal):
    sentence = "请写下资助人的名字或单位，再选签约定的日子。"


class KnownAlready(Refusal):
    sentence = "这位资助人已经在册了，名字和电话都一样。"


class NotFree(Refusal):
    """The sponsor stopped, has as many children as it offered or the plan allows, or is the child's own family."""


class SayWhy(Refusal):
    sentence = "请写一句原因，方便以后查看。"


@dataclass(frozen=True, slots=True)
class Told:
    """All that a sponsor ever learns of a child."""

    alias: str
    grade: str
    wishes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a family said: yes or no, who, when, how; after a yes the alias and what would help."""

    is_yes: bool
    by: str
    on: date
    how: str
    alias: str = ""
    wishes: tuple[str, ...] = ()


def sponsored(school, day: date) -> list[tuple[Plan, PairingRule]]:
    """This function will list the plans in force that pair with sponsors, with their rule."""
    return [
        (plan, rule)
        for plan in adopt.plans_in_force(school, day)
        for rule in plan.pairings
        if rule.kind == "sponsor"
    ]


def rule_of(plan_key: str, kind: str, by) -> PairingRule:
    """This function will give the rule of a plan in force by its key; raises NoPlan."""
    found = sponsored(by.school, by.day)
    rule = next((rule for plan, rule in found if (plan.key, rule.key) == (plan_key, kind)), None)
    if rule is None:
        raise NoPlan
    return rule


def cases_of(by) -> QuerySet[Case]:
    """This function will give the open cases whose families `by` may ask: the school's, or those of own classes."""
    open_now = Case.objects.filter(school_id=by.school_id).open_on(by.day)
    if by.holds(*KEEPERS):
        return open_now
    mine = Enrolment.objects.on(by.day).filter(school_class__in=by.class_ids_as("homeroom_teacher"))
    return open_now.filter(pupil__in=mine.values("pupil"))


def to_ask(plan: Plan, rule: PairingRule, by) -> QuerySet[Case]:
    """This function will give the cases of a rule whose family neither said yes nor has a sponsor now."""
    live = SponsorPair.objects.filter(kind=rule.key, state__in=("agreed", "confirmed"))
    cases = _here(cases_of(by), by).filter(plan_key=plan.key).exclude(pk__in=live.values("case"))
    return cases.filter(category__in=rule.for_) if rule.for_ else cases


def _here(cases: QuerySet[Case], by) -> QuerySet[Case]:
    """Whoever left the school is not asked about, and no sponsor begins with them."""
    return cases.filter(pupil__in=Pupil.objects.filter(school_id=by.school_id).on_roll(by.day))


def alias_for(pupil: Pupil, taken: Iterable[str] = ()) -> str:
    """This function will find a neutral alias that shares no character with the child's name and is free."""
    taken = set(taken)
    for name in ALIASES:
        if name not in taken and not (set(name) - COMMON) & set(pupil.name):
            return name
    return f"小{len(taken) + 1}号"


def aliases(school_id: UUID) -> set[str]:
    """This function will give the aliases in use at a school."""
    live = SponsorPair.objects.filter(case__school_id=school_id, state__in=("agreed", "confirmed"))
    return set(live.values_list("alias", flat=True))


@transaction.atomic
def note_answer(*, case: Case, kind: str, answer: Answer, by) -> SponsorPair:
    """This function will note what a family said about a sponsor. Raises NotKeeper, SayWho, AliasTooNear …

    A yes puts the child among those a sponsor is looked for; a no is kept and may become a yes another time.
    """
    rule = rule_of(case.plan_key, kind, by)
    if not cases_of(by).filter(pk=case.pk).exists():
        raise NotKeeper
    if not answer.by.strip():
        raise SayWho
    if answer.on > by.day:
        raise NotYet
    if answer.how not in SponsorPair.WAYS:
        raise SayWho("请选家里是怎么答复的：纸上签字、当面，还是电话。")
    used = aliases(case.school_id)
    alias = answer.alias.strip() or alias_for(case.pupil, used)
    if answer.is_yes and (alias in used or not _is_neutral(alias, case.pupil)):
        raise AliasTooNear
    if SponsorPair.objects.filter(case=case, kind=rule.key, state__in=("agreed", "confirmed")).exists():
        raise AnsweredAlready
    with limits.calm():
        row = SponsorPair.objects.create(
            case=case, plan_key=case.plan_key, kind=rule.key, state="agreed" if answer.is_yes else "declined",
            alias=alias if answer.is_yes else "", wishes=[one for one in answer.wishes if one in WISHES],
            answered_by=answer.by.strip()[:40], answered_on=answer.on, answered_how=answer.how, noted_by=by.staff,
        )  # fmt: skip
    changes = {"state": [None, row.state], "how": [None, row.answered_how]}
    audit.log("sponsor.answer", by=by.staff, at=clock.now(), subject=row, changes=changes)
    return row


def _is_neutral(alias: str, pupil: Pupil) -> bool:
    if len(alias) > 12 or (set(alias) - COMMON) & set(pupil.name):
        return False
    return not Pupil.objects.filter(school_id=pupil.school_id, name=alias).exists()


@transaction.atomic
def take_back(*, pair: SponsorPair, by) -> SponsorPair:
    """This function will take a family's yes back from today on; a sponsor it has ends with it. No reason is asked."""
    if not cases_of(by).filter(pk=pair.case_id).exists():
        raise NotKeeper
    row = SponsorPair.objects.select_for_update().get(pk=pair.pk)
    if row.state not in ("agreed", "confirmed"):
        return row
    before, row.taken_back_on = row.state, by.day
    row.state = "declined" if before == "agreed" else "ended"
    row.valid_to = by.day if before == "confirmed" else None
    row.save(update_fields=["state", "taken_back_on", "valid_to"])
    audit.log(
        "sponsor.take_back", by=by.staff, at=clock.now(), subject=row, changes={"state": [before, row.state]}
    )
    return row


def _must_keep(by) -> None:
    if not by.holds(*KEEPERS):
        raise NotKeeper


@transaction.atomic
def welcome(*, sponsor: Sponsor, phone: str = "", by) -> Sponsor:
    """This function will put an unsaved Sponsor (name, kind, places, promised_on) on the list; raises Unnamed …"""
    _must_keep(by)
    sponsor.name = sponsor.name.strip()
    if not sponsor.name or sponsor.promised_on is None or sponsor.kind not in Sponsor.KINDS:
        raise Unnamed
    if sponsor.promised_on > by.day:
        raise NotYet
    sponsor.school, sponsor.since, sponsor.noted_by = by.school, by.day, by.staff
    sponsor.places = max(1, min(sponsor.places, 99))
    sponsor.phone, sponsor.phone_index = (
        phone.strip(),
        blind(phone, "guardian_phone") if phone.strip() else "",
    )
    try:
        with transaction.atomic():
            sponsor.save()
    except IntegrityError as cause:
        raise KnownAlready from cause
    audit.log("sponsor.welcome", by=by.staff, at=clock.now(), subject=sponsor)
    return sponsor


@transaction.atomic
def stop(*, sponsor: Sponsor, because: str, by) -> int:
    """This function will end what a sponsor does from today on, and say for how many children another is looked for."""
    _must_keep(by)
    if not because.strip():
        raise SayWhy
    row = Sponsor.objects.select_for_update().get(pk=sponsor.pk)
    if row.stopped_on:
        return 0
    held = list(SponsorPair.objects.select_for_update().filter(sponsor=row, state="confirmed"))
    for pair in held:
        _end(pair, because, by)
    row.stopped_on, row.stopped_because = by.day, because.strip()[:200]
    row.save(update_fields=["stopped_on", "stopped_because"])
    audit.log("sponsor.stop", by=by.staff, at=clock.now(), subject=row, changes={"pairs": [len(held), 0]})
    return len(held)


@transaction.atomic
def end(*, pair: SponsorPair, because: str, by) -> SponsorPair:
    """This function will end one pair from today on; another sponsor is another question to the family."""
    _must_keep(by)
    if not because.strip():
        raise SayWhy
    row = SponsorPair.objects.select_for_update().get(pk=pair.pk)
    return _end(row, because, by) if row.state == "confirmed" else row


def _end(row: SponsorPair, because: str, by) -> SponsorPair:
    row.state, row.valid_to, row.ended_because = "ended", by.day, because.strip()[:200]
    row.save(update_fields=["state", "valid_to", "ended_because"])
    audit.log(
        "sponsor.end", by=by.staff, at=clock.now(), subject=row, changes={"valid_to": [None, str(by.day)]}
    )
    return row


@transaction.atomic
def confirm(*, pair: SponsorPair, sponsor: Sponsor, by) -> SponsorPair:
    """This function will let a sponsor begin with a child whose family said yes. Raises NotFree, AnsweredAlready."""
    _must_keep(by)
    row = SponsorPair.objects.select_for_update().select_related("case__pupil").get(pk=pair.pk)
    if row.state == "confirmed" and row.sponsor_id == sponsor.pk:
        return row
    if row.state != "agreed" or not _here(cases_of(by), by).filter(pk=row.case_id).exists():
        raise AnsweredAlready
    giver = Sponsor.objects.select_for_update().get(pk=sponsor.pk)
    rule = rule_of(row.plan_key, row.kind, by)
    helper = helpers([giver], rule, by)[0]
    if giver.stopped_on or helper.taken >= helper.most:
        raise NotFree(f"{giver.name}现在已经帮着 {helper.taken} 名学生，不能再加。请换一位资助人。")
    if why := matching.refusal(rule, children([row], rule, [giver], by)[0], helper):
        raise NotFree(f"{giver.name}不能和这名学生结对：{why}。请换一位资助人。")
    row.state, row.sponsor, row.confirmed_by, row.valid_from = "confirmed", giver, by.staff, by.day
    with limits.calm():
        row.save(update_fields=["state", "sponsor", "confirmed_by", "valid_from"])
    audit.log(
        "sponsor.confirm", by=by.staff, at=clock.now(), subject=row, changes={"state": ["agreed", row.state]}
    )
    return row


def helpers(givers: Iterable[Sponsor], rule: PairingRule, by) -> list[matching.Helper]:
    """This function will say as the solver reads it who offers, how many, and how many they have by this rule."""
    givers = list(givers)
    held = SponsorPair.objects.filter(sponsor__in=givers, state="confirmed", kind=rule.key)
    taken = Counter(held.values_list("sponsor_id", flat=True))
    return [
        matching.Helper(
            id=one.pk, name=one.name, roles={None: frozenset(rule.roles)}, least=0,
            most=min(one.places, rule.per_helper.max), taken=taken[one.pk], volunteer=True,
        )
        for one in givers
    ]  # fmt: skip


def children(
    pairs: Iterable[SponsorPair], rule: PairingRule, givers: Iterable[Sponsor], by
) -> list[matching.Child]:
    """This function will say as the solver reads it whose family said yes, and which sponsor is the child's own family."""
    pairs, givers = list(pairs), [one for one in givers if one.phone_index]
    families: dict[UUID, set[str]] = {}
    pupils = [pair.case.pupil_id for pair in pairs]
    for pupil, index in Guardian.objects.filter(pupil__in=pupils).values_list("pupil_id", "phone_index"):
        families.setdefault(pupil, set()).add(index)
    return [
        matching.Child(
            id=pair.pk, class_id=None, name=pair.alias, category=pair.case.category, consent=pair.state == "agreed",
            excluded=frozenset(g.pk for g in givers if g.phone_index in families.get(pair.case.pupil_id, ())),
        )
        for pair in pairs
    ]  # fmt: skip


def suggest(plan: Plan, rule: PairingRule, by) -> dict[UUID, tuple[UUID, str]]:
    """This function will suggest a sponsor for each child whose family said yes: {pair: (sponsor, why)}."""
    _must_keep(by)
    waiting = SponsorPair.objects.visible_to(by).filter(state="agreed", plan_key=plan.key, kind=rule.key)
    waiting = waiting.filter(case__in=_here(cases_of(by), by))
    waiting = list(waiting.select_related("case").order_by("answered_on", "id"))
    givers = list(Sponsor.objects.visible_to(by).filter(stopped_on=None).order_by("since", "id"))
    if not waiting or not givers:
        return {}
    offered = tuple(helpers(givers, rule, by))
    found = solve.best(matching.Problem(rule, tuple(children(waiting, rule, givers, by)), offered))
    free = {one.id: one.most - one.taken for one in offered}
    return {pair: (sponsor, f"还可以帮 {free[sponsor]} 名学生") for pair, sponsor in found.pairs}


def told(pair: SponsorPair, day: date) -> Told:
    """This function will give all that the sponsor of a pair may learn."""
    year = (
        Enrolment.objects.on(day)
        .filter(pupil=pair.case.pupil_id)
        .values_list("school_class__entry_year", flat=True)
    )
    first = year.first()
    grade = grade_of_entry_year(first, day) if first else 0
    return Told(pair.alias, f"{GRADE_NAMES[grade]}年级" if 1 <= grade <= 9 else "", tuple(pair.wishes))


def labels(cases: Iterable[Case], day: date) -> dict[UUID, str]:
    """This function will give the class of each case's child as people say it."""
    cases = list(cases)
    found = classes_of([case.pupil_id for case in cases], day)
    return {case.pk: found.get(case.pupil_id, ("",))[0] for case in cases}
