"""一户一位责任人，另有一位身边的人: each accompanied household has one of the staff and one neighbour (P10-15, 31, 33).

The solver proposes by village and language with even load; people decide; the one who was chosen accepts or says why
not. The numbers are the plan's, and the database counts again.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bangfu.engine.bond import Child, Helper
from bangfu.engine.plan import PairingRule
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, cover, homes
from bangfu.flow.cover import Covered, Full, Proposed, SayWhy, Unfit, may_decide
from bangfu.flow.homes import Home
from bangfu.records import audit, limits
from bangfu.records.models import (
    AreaStaff,
    Avoidance,
    HomeGround,
    Household,
    HouseholdHelper,
    HouseholdPartner,
    LocalPartner,
    Staff,
    TeamMember,
    VillagePost,
)

HELPER, PARTNER = "helper", "local_partner"
NOT_TAKEN = "不接："


class NotYours(Refusal):
    sentence = "这一户不是请您负责的，所以不能由您来答复。"


@dataclass(frozen=True, slots=True)
class Line:
    """A household we accompany, who answers for it and which neighbour lends a hand."""

    home: Home
    helper: HouseholdHelper | None
    partner: HouseholdPartner | None


@dataclass(frozen=True, slots=True)
class Able:
    """Somebody who may answer for households: where they are at work or at home, how many they have, what they speak."""

    id: UUID
    name: str
    villages: frozenset[UUID]
    taken: int
    most: int
    languages: str = ""


def standing(by) -> list[Line]:
    """This function will list the accompanied households the viewer may see, village by village."""
    rows = Household.objects.visible_to(by).accompanied(by.day)
    every = homes.homes_of(by, rows)
    helpers = _posts(HouseholdHelper.objects.visible_to(by).select_related("staff"), by)
    partners = _posts(HouseholdPartner.objects.visible_to(by).select_related("partner"), by)
    found = [Line(home, helpers.get(pk), partners.get(pk)) for pk, home in every.items()]
    return sorted(found, key=lambda line: _place(line.home))


def _posts(rows, by) -> dict[UUID, object]:
    found = {one.household_id: one for one in rows.in_force(by.day)}
    gone = [
        pk for pk, one in found.items() if (left := getattr(_who(one), "left_on", None)) and left <= by.day
    ]
    return {pk: one for pk, one in found.items() if pk not in gone}


def _who(post):
    return post.staff if isinstance(post, HouseholdHelper) else post.partner


def _place(home: Home) -> tuple:
    village = home.household.village
    return (village is None, village.name if village else "", home.title)


def able(by) -> list[Able]:
    """This function will list the staff who may answer for households: those of an area or a team, by name."""
    at_work = Staff.objects.filter(school=by.school_id).at_work_on(by.day)
    villages: dict[UUID, set] = defaultdict(set)
    of_area = AreaStaff.objects.in_force(by.day).filter(staff__in=at_work)
    for staff, village in of_area.values_list("staff_id", "area__villages__id"):
        villages[staff].add(village)
    posts = VillagePost.objects.in_force(by.day).values_list("team_id", "village_id")
    members = TeamMember.objects.in_force(by.day).filter(staff__in=at_work).values_list("staff_id", "team_id")
    for staff, team in members:
        villages[staff] |= {village for one, village in posts if one == team}
    ground = {one.staff_id: one for one in HomeGround.objects.filter(staff__in=list(villages))}
    taken = Counter(HouseholdHelper.objects.in_force(by.day).values_list("staff_id", flat=True))
    most = cover.rule_of(by, HELPER)[1].per_helper.max
    found = []
    for pk, name in at_work.filter(pk__in=list(villages)).order_by("sort_key").values_list("pk", "name"):
        own = ground.get(pk)
        places = (villages[pk] | {own.village_id if own else None}) - {None}
        found.append(Able(pk, name, frozenset(places), taken[pk], most, own.languages if own else ""))
    return found


def propose(*, by, kind: str = HELPER) -> tuple[Proposed, ...]:
    """This function will propose somebody for each accompanied household without one of this kind."""
    may_decide(by)
    _key, rule = cover.rule_of(by, kind)
    if kind == PARTNER:
        return cover.ask(rule, _cases(by, kind), _neighbours(by, rule), _why)
    return cover.ask(rule, _cases(by, kind), _staff(by, rule), _why)


def _cases(by, kind: str) -> list[Child]:
    wanted = [line.home for line in standing(by) if (line.helper if kind == HELPER else line.partner) is None]
    ids = [home.household.pk for home in wanted]
    barred = _barred(by, wanted) if kind == HELPER else {}
    ended = HouseholdHelper.objects.filter(household__in=ids, valid_to__isnull=False).order_by("valid_to")
    ended = ended.exclude(ended_because__startswith=NOT_TAKEN).values_list("household_id", "staff_id")
    before = dict(ended) if kind == HELPER else {}
    return [
        Child(
            id=home.household.pk,
            class_id=None,
            name=home.title,
            excluded=frozenset(barred.get(home.household.pk, ())),
            former_helper=before.get(home.household.pk),
            places={"village": home.household.village_id},
            facts={"language": (home.household.village and home.household.village.language) or None},
        )
        for home in wanted
    ]


def _barred(by, wanted: list[Home]) -> dict[UUID, set]:
    """Own family, conflicts, and who has said no to this household."""
    of_pupil = {pk: home.household.pk for home in wanted for pk, _name, _label in home.children}
    found: dict[UUID, set] = defaultdict(set)
    for pupil, staff in (
        Avoidance.objects.on(by.day).filter(pupil__in=of_pupil).values_list("pupil_id", "staff_id")
    ):
        found[of_pupil[pupil]].add(staff)
    said_no = HouseholdHelper.objects.filter(
        household__in=[home.household.pk for home in wanted], ended_because__startswith=NOT_TAKEN
    )
    for household, staff in said_no.values_list("household_id", "staff_id"):
        found[household].add(staff)
    return found


def _staff(by, rule: PairingRule) -> list[Helper]:
    return [
        Helper(
            one.id, one.name, {place: frozenset(rule.roles) for place in (one.id, *one.villages)},
            least=rule.per_helper.min, most=one.most, taken=one.taken, facts={"languages": _spoken(one.languages)},
        )
        for one in able(by)
    ]  # fmt: skip


def _spoken(text: str) -> tuple[str, ...]:
    return tuple(
        word for word in text.replace("，", "、").replace(",", "、").replace(" ", "、").split("、") if word
    )


def neighbours(by) -> list[tuple[LocalPartner, int]]:
    """This function will list the neighbours who agreed, with how many households each has."""
    taken = Counter(HouseholdPartner.objects.in_force(by.day).values_list("partner_id", flat=True))
    rows = LocalPartner.objects.visible_to(by).in_force(by.day).select_related("village")
    return [(one, taken[one.pk]) for one in rows.order_by("village__name", "name")]


def _neighbours(by, rule: PairingRule) -> list[Helper]:
    return [
        Helper(
            one.pk,
            one.name,
            {one.village_id: frozenset(rule.roles)},
            least=0,
            most=rule.per_helper.max,
            taken=taken,
        )
        for one, taken in neighbours(by)
    ]


def _why(home: Child, helper: Helper) -> str:
    speaks = home.facts.get("language") and home.facts["language"] in helper.facts.get("languages", ())
    return cover.joined(
        (
            "原来就是" if helper.id == home.former_helper else "",
            "在这个村" if home.places.get("village") in helper.roles else "",
            f"会说{home.facts.get('language')}" if speaks else "",
            f"目前 {helper.taken} 户",
        )
    )


def missing(by) -> tuple[str, ...]:
    """This function will say in words and numbers which households nobody answers for, and what would help."""
    lines, said = standing(by), []
    nowhere = [line.home.title for line in lines if line.home.household.village_id is None]
    if nowhere:
        said.append(f"{'、'.join(nowhere)}还没有写是哪个村，身边的人配不上。先在下面选村。")
    bare, people = [line for line in lines if line.helper is None], able(by)
    room = sum(max(0, one.most - one.taken) for one in people)
    if len(bare) > room:
        most = cover.rule_of(by, HELPER)[1].per_helper.max
        short = len(bare) - room
        said.append(
            f"还有 {len(bare)} 户没有责任人，包片、包村的老师还能再负责 {room} 户，差 {short} 户。"
            f"每人最多 {most} 户，再请 {-(-short // most)} 位老师包片就够。"
        )
    return (*said, *_short_of_neighbours(by, lines))


def _short_of_neighbours(by, lines: list[Line]):
    most = cover.rule_of(by, PARTNER)[1].per_helper.max
    room: Counter = Counter()
    for one, taken in neighbours(by):
        room[one.village_id] += max(0, most - taken)
    bare = Counter(
        line.home.household.village
        for line in lines
        if line.partner is None and line.home.household.village_id
    )
    for village, count in sorted(bare.items(), key=lambda item: item[0].name):
        if (short := count - room[village.pk]) > 0:
            yield (
                f"{village.name}有 {short} 户还缺身边的人（党员、干部或能人）。"
                f"每位最多 {most} 户，再请 {-(-short // most)} 位就够。"
            )


@transaction.atomic
def assign(*, chosen, by, reasons=None) -> list[HouseholdHelper]:
    """This function will give households who answers for them: `chosen` are (Household, Staff). Raises Covered, Full."""
    may_decide(by)
    key, rule = cover.rule_of(by, HELPER)
    cover.keep_limit(by.school, key, rule)
    people, made, chosen = {one.id: one for one in able(by)}, [], list(chosen)
    ours = Household.objects.accompanied(by.day).filter(pk__in=[household.pk for household, _staff in chosen])
    every = homes.homes_of(by, ours)
    barred = _barred(by, list(every.values()))
    for household, staff in chosen:
        home = every.get(household.pk)
        if home is None:
            raise Unfit("这一户现在不在包户的名单里。请先选进来，再定责任人。")
        if not _is_free(HouseholdHelper, household, staff, by):
            continue
        if staff.pk not in people:
            raise Unfit(f"{staff.name}没有包片，也不在村里的队上。先划片，或换一位。")
        if staff.pk in barred.get(household.pk, ()):
            raise Unfit(f"{staff.name}和{home.title}要回避，或已经说过不接。请换一位。")
        row = HouseholdHelper(household=household, staff=staff, plan_key=key)
        made.append(_give(row, rule, (reasons or {}).get((household.pk, staff.pk), ""), by))
    return made


def _give(row: HouseholdHelper | HouseholdPartner, rule: PairingRule, reason: str, by):
    """Write a new row down, behind a lock on who takes it: two at once meet the same number."""
    who, most = _who(row), rule.per_helper.max
    column = "staff" if isinstance(row, HouseholdHelper) else "partner"
    type(who).objects.select_for_update().get(pk=who.pk)
    held = type(row).objects.filter(**{column: who, "valid_to__isnull": True}).count()
    if held >= most:
        raise Full(f"{who.name}已经负责 {held} 户，方案里每人最多 {most} 户。请换一位。")
    row.school, row.by, row.valid_from, row.reason = by.school, by.staff, by.day, reason[:200]
    with limits.calm():
        row.save(force_insert=True)
    changes = {column: [None, str(who.pk)]}
    audit.log("households.assign", by=by.staff, at=clock.now(), subject=row, changes=changes)
    return row


def _is_free(table, household: Household, who, by) -> bool:
    """Whether the household can be given this one: nobody is there (a departed one is let go), or it is so already."""
    rows = table.objects.filter(household=household, valid_to__isnull=True)
    there = rows.select_related("staff" if table is HouseholdHelper else "partner").first()
    if there is None:
        return True
    if _who(there).pk == who.pk:
        return False
    if isinstance(there, HouseholdHelper) and there.staff.left_on and there.staff.left_on <= by.day:
        _finish(there, "已离校", by)
        return True
    raise Covered(f"这一户已经由{_who(there).name}负责。要换的话，先结束原来的。")


@transaction.atomic
def assign_partners(*, chosen, by, reasons=None) -> list[HouseholdPartner]:
    """This function will give households their neighbour: `chosen` are (Household, LocalPartner) of one village."""
    may_decide(by)
    key, rule = cover.rule_of(by, PARTNER)
    cover.keep_limit(by.school, key, rule)
    made = []
    for household, partner in chosen:
        if not _is_free(HouseholdPartner, household, partner, by):
            continue
        if household.village_id != partner.village_id:
            raise Unfit(f"{partner.name}不是这个村的。身边的人要在本村请。")
        row = HouseholdPartner(household=household, partner=partner, plan_key=key)
        made.append(_give(row, rule, (reasons or {}).get((household.pk, partner.pk), ""), by))
    return made


@transaction.atomic
def accept(*, post: HouseholdHelper, by) -> HouseholdHelper:
    """This function will note that the one who was asked answers for the household."""
    _must_be_mine(post, by)
    if post.accepted_on is None:
        post.accepted_on = by.day
        post.save(update_fields=["accepted_on"])
        audit.log("households.accept", by=by.staff, at=clock.now(), subject=post)
    return post


@transaction.atomic
def decline(*, post: HouseholdHelper, because: str, by) -> None:
    """This function will note that the one who was asked cannot, and why; they are not asked for this one again."""
    _must_be_mine(post, by)
    if not because.strip():
        raise SayWhy
    if post.accepted_on is not None:
        raise Covered("您已经答应过了。要结束的话，请和校长说一声。")
    _finish(post, f"{NOT_TAKEN}{because.strip()}", by)


def _must_be_mine(post: HouseholdHelper, by) -> None:
    if post.staff_id != by.staff.pk or post.valid_to is not None:
        raise NotYours


@transaction.atomic
def end(*, post, because: str, by) -> None:
    """This function will end who answers for a household (or its neighbour) from today, with a reason."""
    may_decide(by)
    if not because.strip():
        raise SayWhy
    _finish(post, because, by)


def _finish(post, because: str, by) -> None:
    ended = {"valid_to": max(by.day, post.valid_from), "ended_because": because.strip()[:200]}
    if type(post).objects.filter(pk=post.pk, valid_to__isnull=True).update(**ended):
        audit.log(
            "households.end",
            by=by.staff,
            at=clock.now(),
            subject=post,
            changes={"valid_to": [None, str(by.day)]},
        )


@transaction.atomic
def leave(*, household: Household, because: str, by) -> None:
    """This function will stop accompanying a household; whoever stood by it ends the same day."""
    may_decide(by)
    if not because.strip():
        raise SayWhy
    for table in (HouseholdHelper, HouseholdPartner):
        for post in table.objects.filter(household=household, valid_to__isnull=True):
            _finish(post, because, by)
    day = max(by.day, household.valid_from or by.day)
    if Household.objects.filter(pk=household.pk, valid_to__isnull=True).update(valid_to=day):
        audit.log("homes.leave", by=by.staff, at=clock.now(), subject=household)


def mine(by) -> list[Line]:
    """This function will list the households I answer for."""
    return [line for line in standing(by) if line.helper and line.helper.staff_id == by.staff.pk]
