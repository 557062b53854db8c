"""一村一队: each key village has a team of the district, each other village with households a group (P10-10, 19, 20, 30).

How many villages a team may have is the plan's number; the database counts again.
"""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bangfu.engine.bond import Child, Helper
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, cover
from bangfu.flow.cover import Covered, Full, Proposed, SayWhy, Unfit, may_decide
from bangfu.records import audit, limits
from bangfu.records.models import Household, Staff, TeamMember, Village, VillagePost, VillageTeam

FORMS = {"team": ("district",), "group": ("township", "school")}
CALLED = {"team": "工作队", "group": "工作组"}
OTHER_KIND = "村的类型变了，要另一种队来管"


class NoMember(Refusal):
    sentence = "请写队名，并选一位队长。"


@dataclass(frozen=True, slots=True)
class Line:
    """A village: what it should have (team, group or nothing) and what it has."""

    village: Village
    needs: str
    households: int
    post: UUID | None = None
    team: UUID | None = None
    name: str = ""

    @property
    def is_bare(self) -> bool:
        """This property will say whether a team or group is missing."""
        return bool(self.needs) and self.post is None


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it stands: who heads it, who belongs to it, how many villages it has and may have."""

    team: VillageTeam
    kind: str
    members: tuple[str, ...]
    taken: int
    most: int


def kind_of(village: Village) -> str:
    """This function will say which kind of team a village is given."""
    return "team" if village.is_key else "group"


def standing(by) -> tuple[Line, ...]:
    """This function will list the villages, what each should have and what it has today."""
    posts = {
        village: (pk, team, name)
        for pk, village, team, name in VillagePost.objects.visible_to(by)
        .in_force(by.day)
        .values_list("pk", "village_id", "team_id", "team__name")
    }
    here = Household.objects.filter(school=by.school_id, village__isnull=False).accompanied(by.day)
    count = Counter(here.values_list("village_id", flat=True))
    return tuple(
        Line(
            one,
            "team" if one.is_key else "group" if count[one.pk] else "",
            count[one.pk],
            *posts.get(one.pk, (None, None, "")),
        )
        for one in Village.objects.visible_to(by).select_related("area").order_by("name")
    )


def teams(by) -> tuple[Team, ...]:
    """This function will list the teams with their people and how many villages each has and may have."""
    taken = Counter(VillagePost.objects.visible_to(by).in_force(by.day).values_list("team_id", flat=True))
    people: dict[UUID, list[str]] = {}
    at_work = Staff.objects.visible_to(by).at_work_on(by.day)
    rows = TeamMember.objects.visible_to(by).in_force(by.day).filter(staff__in=at_work)
    for team, name in rows.order_by("-is_head", "staff__sort_key").values_list("team_id", "staff__name"):
        people.setdefault(team, []).append(name)
    most = {kind: cover.rule_of(by, kind)[1].per_helper.max for kind in FORMS}
    found = []
    for one in VillageTeam.objects.visible_to(by).in_force(by.day).order_by("name"):
        kind = next(kind for kind, forms in FORMS.items() if one.formed_by in forms)
        found.append(Team(one, kind, tuple(people.get(one.pk, ())), taken[one.pk], most[kind]))
    return tuple(found)


def propose(*, by) -> tuple[Proposed, ...]:
    """This function will propose a team for each village that should have one and has none."""
    may_decide(by)
    found, every = [], teams(by)
    for kind in FORMS:
        _key, rule = cover.rule_of(by, kind)
        rule = rule.model_copy(update={"for_": (), "short": "report"})
        bare = [line for line in standing(by) if line.is_bare and line.needs == kind]
        villages = [
            Child(line.village.pk, None, line.village.name, places={"village": line.village.pk})
            for line in bare
        ]
        homes = _homes(by)
        helpers = [
            Helper(
                one.team.pk, one.team.name, least=1, most=one.most, taken=one.taken,
                roles={place: frozenset(rule.roles) for place in (one.team.pk, *homes.get(one.team.pk, ()))},
            )
            for one in every
            if one.kind == kind and one.members
        ]  # fmt: skip
        found += cover.ask(rule, villages, helpers, _why)
    return tuple(found)


def _homes(by) -> dict[UUID, set[UUID]]:
    """The villages in which members of a team are at home."""
    rows = (
        TeamMember.objects.visible_to(by).in_force(by.day).filter(staff__home_ground__village__isnull=False)
    )
    found: dict[UUID, set[UUID]] = {}
    for team, village in rows.values_list("team_id", "staff__home_ground__village_id"):
        found.setdefault(team, set()).add(village)
    return found


def _why(village: Child, team: Helper) -> str:
    return cover.joined(
        (
            "队里有人是这个村的" if village.id in team.roles else "",
            f"已经有 {team.taken} 个村" if team.taken else "还没有村",
        )
    )


def missing(by) -> tuple[str, ...]:
    """This function will say which villages are without a team or a supporting unit, and what would help (P10-31)."""
    lines, every, said = standing(by), teams(by), []
    for kind in FORMS:
        bare = [line for line in lines if line.is_bare and line.needs == kind]
        room = sum(max(0, one.most - one.taken) for one in every if one.kind == kind and one.members)
        if len(bare) > room:
            names = "、".join(line.village.name for line in bare)
            most = cover.rule_of(by, kind)[1].per_helper.max
            said.append(
                f"{names}还没有{CALLED[kind]}，现有的只能再管 {room} 个村，差 {len(bare) - room} 个。"
                f"每个{CALLED[kind]}最多 {most} 个村，再组建 {-(-(len(bare) - room) // most)} 个就够。"
            )
    alone = [line.village.name for line in lines if line.needs and not line.village.support_unit]
    if alone:
        said.append(f"{'、'.join(alone)}还没有写帮扶单位。")
    return tuple(said)


@transaction.atomic
def form(*, name: str, formed_by: str, head: Staff | None, members=(), by) -> VillageTeam:
    """This function will form a team with its head and its members."""
    may_decide(by)
    name = name.strip()[:40]
    if not name or head is None or formed_by not in VillageTeam.FORMED_BY:
        raise NoMember
    team, is_new = VillageTeam.objects.get_or_create(
        school=by.school, name=name, valid_to=None, defaults={"formed_by": formed_by, "valid_from": by.day}
    )
    if not is_new:
        raise Covered(f"已经有“{name}”了。换一个名字，或先解散原来的。")
    for staff in dict.fromkeys((head, *members)):
        TeamMember.objects.create(
            school=by.school, team=team, staff=staff, is_head=staff == head, by=by.staff, valid_from=by.day
        )
    audit.log(
        "teams.form", by=by.staff, at=clock.now(), subject=team, changes={"formed_by": [None, formed_by]}
    )
    return team


@transaction.atomic
def disband(*, team: VillageTeam, because: str, by) -> None:
    """This function will end a team, its members' and its villages' stretches, all with the same day."""
    may_decide(by)
    if not because.strip():
        raise SayWhy
    open_rows = {"valid_to__isnull": True}
    for post in VillagePost.objects.filter(team=team, **open_rows):
        end(post=post, because=because, by=by)
    TeamMember.objects.filter(team=team, **open_rows).update(valid_to=by.day)
    if VillageTeam.objects.filter(pk=team.pk, **open_rows).update(valid_to=by.day):
        audit.log("teams.disband", by=by.staff, at=clock.now(), subject=team)


@transaction.atomic
def assign(*, chosen, by, reasons=None) -> list[VillagePost]:
    """This function will give villages their teams: `chosen` are (Village, VillageTeam). Raises Covered, Unfit, Full."""
    may_decide(by)
    made = []
    for village, team in chosen:
        kind = kind_of(village)
        key, rule = cover.rule_of(by, kind)
        if team.formed_by not in FORMS[kind]:
            sent = "区里派的工作队" if kind == "team" else "镇里或学校组建的工作组"
            raise Unfit(f"{village.name}要由{sent}来管，{team.name}不是。")
        there = (
            VillagePost.objects.filter(village=village, valid_to__isnull=True).select_related("team").first()
        )
        if there is not None and there.team_id == team.pk:
            continue
        if there is not None:
            raise Covered(f"{village.name}已经有{there.team.name}了。要换的话，先结束原来的。")
        VillageTeam.objects.select_for_update().get(pk=team.pk)
        held = VillagePost.objects.filter(team=team, valid_to__isnull=True).count()
        if held >= rule.per_helper.max:
            raise Full(f"{team.name}已经管 {held} 个村，方案里最多 {rule.per_helper.max} 个。请换一个队。")
        cover.keep_limit(by.school, key, rule)
        with limits.calm():
            row = VillagePost.objects.create(
                school=by.school, village=village, team=team, plan_key=key, kind=kind, by=by.staff, valid_from=by.day,
                reason=(reasons or {}).get((village.pk, team.pk), "")[:200],
            )  # fmt: skip
        audit.log(
            "teams.assign", by=by.staff, at=clock.now(), subject=row, changes={"team": [None, str(team.pk)]}
        )
        made.append(row)
    return made


@transaction.atomic
def part_from(*, village: Village, by) -> int:
    """This function will end the team of a village that needs another kind now: a key village a team, others a group."""
    posts = VillagePost.objects.filter(village=village, valid_to__isnull=True).select_related("team")
    unfit = [post for post in posts if post.team.formed_by not in FORMS[kind_of(village)]]
    for post in unfit:
        end(post=post, because=OTHER_KIND, by=by)
    return len(unfit)


@transaction.atomic
def end(*, post: VillagePost, because: str, by) -> None:
    """This function will end a team's stretch in a village, with a reason; it stays in the history."""
    may_decide(by)
    if not because.strip():
        raise SayWhy
    ended = {"valid_to": max(by.day, post.valid_from), "ended_because": because.strip()[:200]}
    if VillagePost.objects.filter(pk=post.pk, valid_to__isnull=True).update(**ended):
        audit.log(
            "teams.end", by=by.staff, at=clock.now(), subject=post, changes={"valid_to": [None, str(by.day)]}
        )
