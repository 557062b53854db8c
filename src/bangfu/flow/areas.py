"""划片包抓: every area has staff, every one of the staff has an area, the principal answers for all (P0-39)."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bangfu.engine.bond import Child, Helper
from bangfu.engine.part import Range
from bangfu.engine.plan import PairingRule
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, cover, teams
from bangfu.flow.cover import Covered, Proposed, SayWhy, may_decide
from bangfu.records import audit, limits
from bangfu.records.models import (
    Area,
    AreaStaff,
    HomeGround,
    Household,
    Pupil,
    Staff,
    Village,
)

ROLE = "area_staff"
RULE = PairingRule(
    key="area", title="划片包抓", roles=(ROLE,), within="school", per_case=Range(min=1, max=1),
    per_helper=Range.model_construct(min=1, max=5000), prefer=("keep", "even_load", "village"), source="P0-39",
)  # fmt: skip


class NoName(Refusal):
    sentence = "请写片的名称。"


class StillLookedAfter(Refusal):
    """The area has staff or villages; the sentence says what to do first."""


@dataclass(frozen=True, slots=True)
class Post:
    """One of the staff in an area."""

    id: UUID
    staff: UUID
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """An area as it stands: its villages, its people, how many of our children live there."""

    area: Area
    villages: tuple[Village, ...]
    posts: tuple[Post, ...]
    pupils: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole of it, both ways: areas in order, staff without one, villages in none, who answers for all."""

    lines: tuple[Line, ...]
    free: tuple[tuple[UUID, str], ...]
    loose: tuple[Village, ...]
    heads: tuple[str, ...]

    @property
    def bare(self) -> tuple[Line, ...]:
        """This property will list the areas nobody looks after."""
        return tuple(line for line in self.lines if not line.posts)

    @property
    def is_covered(self) -> bool:
        """This property will say whether it holds both ways and somebody answers for all."""
        return bool(self.lines and self.heads) and not (self.bare or self.free)


def standing(by) -> Standing:
    """This function will say who looks after which area today, and what is not covered yet."""
    areas = Area.objects.visible_to(by).in_force(by.day).order_by("name")
    villages = list(Village.objects.visible_to(by).order_by("name"))
    posts = _posts(by)
    pupils = pupils_of(by)
    lines = tuple(
        Line(
            area,
            mine := tuple(one for one in villages if one.area_id == area.pk),
            tuple(posts.get(area.pk, ())),
            sum(pupils[one.pk] for one in mine),
        )
        for area in areas
    )
    placed = {post.staff for some in posts.values() for post in some}
    at_work = Staff.objects.visible_to(by).at_work_on(by.day).order_by("sort_key", "name")
    heads = at_work.filter(grants__role="principal", grants__valid_to__isnull=True).distinct()
    return Standing(
        lines,
        tuple((pk, name) for pk, name in at_work.values_list("pk", "name") if pk not in placed),
        tuple(one for one in villages if one.area_id is None),
        tuple(heads.values_list("name", flat=True)),
    )


def _posts(by) -> dict[UUID, list[Post]]:
    at_work = Staff.objects.visible_to(by).at_work_on(by.day)
    rows = AreaStaff.objects.visible_to(by).in_force(by.day).filter(staff__in=at_work)
    found: dict[UUID, list[Post]] = {}
    columns = ("area_id", "id", "staff_id", "staff__name", "reason")
    for area, *post in rows.order_by("staff__sort_key", "staff__name").values_list(*columns):
        found.setdefault(area, []).append(Post(*post))
    return found


def pupils_of(by) -> Counter:
    """This function will count our children by the village their household is in: {village id: count}."""
    of_key = dict(
        Household.objects.filter(school=by.school_id, village__isnull=False).values_list("key", "village")
    )
    keys = Pupil.objects.filter(school=by.school_id).on_roll(by.day).values_list("household_key", flat=True)
    return Counter(of_key[key] for key in keys if key in of_key)


def propose(*, by) -> tuple[Proposed, ...]:
    """This function will propose an area for each of the staff who has none: by where our children live, then by home.

    The proposal's case is the staff member. With fewer people than areas some are proposed a second one.
    """
    may_decide(by)
    now = standing(by)
    if not now.lines:
        return ()
    ground = dict(HomeGround.objects.visible_to(by).values_list("staff", "village"))
    people = [
        Child(id=pk, class_id=None, name=name, places={"village": ground.get(pk)}) for pk, name in now.free
    ]
    shares = _shares(now, len(people) + sum(len(line.posts) for line in now.lines))
    helpers = [
        Helper(
            id=line.area.pk, name=line.area.name, least=1, most=shares[line.area.pk], taken=len(line.posts),
            roles={place: frozenset({ROLE}) for place in (line.area.pk, *(one.pk for one in line.villages))},
        )
        for line in now.lines
    ]  # fmt: skip
    found = cover.ask(RULE, people, helpers, _why)
    reached = {one.helper for one in found}
    bare = [line for line in now.bare if line.area.pk not in reached]
    return found + (_second(by, now, found, bare) if bare else ())


def _shares(now: Standing, count: int) -> dict[UUID, int]:
    """How many people each area should have: one each, the others by how many children live there."""
    shares = {line.area.pk: 1 for line in now.lines}
    weights = {line.area.pk: line.pupils + 1 for line in now.lines}
    for _more in range(count - len(shares)):
        shares[max(shares, key=lambda pk: (weights[pk] / shares[pk], str(pk)))] += 1
    taken = {line.area.pk: len(line.posts) for line in now.lines}
    return {pk: max(share, taken[pk]) for pk, share in shares.items()}


def _second(by, now: Standing, found, bare: list[Line]) -> tuple[Proposed, ...]:
    """Fewer people than areas: who may take another area, as evenly as possible."""
    held = Counter(one.case for one in found) + Counter(p.staff for line in now.lines for p in line.posts)
    rule = RULE.model_copy(update={"per_helper": Range(min=0, max=9)})
    people = [Helper(pk, "", {None: frozenset({ROLE})}, 0, 9, taken) for pk, taken in held.items()]
    cases = [Child(id=line.area.pk, class_id=None, name=line.area.name) for line in bare]
    swapped = cover.ask(rule, cases, people, lambda *_pair: "人比片少，多管一个片")
    return tuple(Proposed(one.helper, one.case, one.reason) for one in swapped)


def _why(person: Child, area: Helper) -> str:
    at_home = person.places.get("village") in area.roles
    return "家在这一片" if at_home else f"按住在各片的学生人数分，这一片要 {area.most} 位"


@transaction.atomic
def open_area(*, name: str, villages: tuple[str, ...], by) -> Area:
    """This function will add an area, or give the one of that name, and put villages into it by their names."""
    may_decide(by)
    name = name.strip()[:40]
    if not name:
        raise NoName
    area, is_new = Area.objects.get_or_create(
        school=by.school, name=name, valid_to=None, defaults={"valid_from": by.day}
    )
    moved = [one for one in dict.fromkeys(word.strip()[:40] for word in villages) if one]
    for called in moved:
        Village.objects.update_or_create(school=by.school, name=called, defaults={"area": area})
    if is_new or moved:
        changes = {"name": [None, name] if is_new else [name, name], "villages": [None, moved]}
        audit.log("areas.area", by=by.staff, at=clock.now(), subject=area, changes=changes)
    return area


@transaction.atomic
def close_area(*, area: Area, by) -> None:
    """This function will end an area that has no staff and no village any more."""
    may_decide(by)
    if area.staff.in_force(by.day).exists() or area.villages.exists():
        raise StillLookedAfter(f"{area.name}还有人或村。先把他们划到别的片，再取消这一片。")
    if Area.objects.filter(pk=area.pk, valid_to__isnull=True).update(valid_to=by.day):
        audit.log(
            "areas.area", by=by.staff, at=clock.now(), subject=area, changes={"valid_to": [None, str(by.day)]}
        )


@transaction.atomic
def assign(*, chosen, by, reasons=None) -> list[AreaStaff]:
    """This function will put staff into areas: `chosen` are (Staff, Area); who is there already stays as is."""
    may_decide(by)
    made = []
    for staff, area in chosen:
        if staff.left_on and staff.left_on <= by.day:
            raise cover.Unfit(f"{staff.name}已经离校，不能包片。")
        if area.valid_to and area.valid_to <= by.day:
            raise cover.Unfit(f"{area.name}已经取消了。请刷新后再选。")
        if AreaStaff.objects.filter(staff=staff, area=area, valid_to__isnull=True).exists():
            continue
        with limits.calm():
            row = AreaStaff.objects.create(
                school=by.school, staff=staff, area=area, by=by.staff, valid_from=by.day,
                reason=(reasons or {}).get((staff.pk, area.pk), "")[:200],
            )  # fmt: skip
        audit.log(
            "areas.assign", by=by.staff, at=clock.now(), subject=row, changes={"staff": [None, str(staff.pk)]}
        )
        made.append(row)
    return made


@transaction.atomic
def move(*, post: AreaStaff, area: Area, because: str, by) -> AreaStaff:
    """This function will let somebody change area from today; the old stretch stays in the history."""
    may_decide(by)
    if post.area_id == area.pk:
        raise Covered("已经在这一片了，没有变。")
    _end(post, because or f"换到{area.name}", by)
    (row,) = assign(chosen=[(post.staff, area)], by=by) or [
        AreaStaff.objects.get(staff=post.staff, area=area, valid_to__isnull=True)
    ]
    return row


@transaction.atomic
def end(*, post: AreaStaff, because: str, by) -> None:
    """This function will end somebody's post in an area; what is then not covered is named on the page."""
    may_decide(by)
    if not because.strip():
        raise SayWhy
    _end(post, because, by)


def _end(post: AreaStaff, because: str, by) -> None:
    ended = {"valid_to": max(by.day, post.valid_from), "ended_because": because.strip()[:200]}
    if AreaStaff.objects.filter(pk=post.pk, valid_to__isnull=True).update(**ended):
        audit.log(
            "areas.end", by=by.staff, at=clock.now(), subject=post, changes={"valid_to": [None, str(by.day)]}
        )


@transaction.atomic
def describe(*, village: Village, is_key: bool, language: str, support_unit: str, by) -> Village:
    """This function will note what is known of a village: key or not, what is spoken, which unit supports it."""
    may_decide(by)
    before = {"is_key": village.is_key, "language": village.language, "support_unit": village.support_unit}
    after = {"is_key": is_key, "language": language.strip()[:20], "support_unit": support_unit.strip()[:60]}
    if changes := audit.changed(before, after):
        for field, value in after.items():
            setattr(village, field, value)
        village.save(update_fields=list(after))
        teams.part_from(village=village, by=by)
        audit.log("areas.village", by=by.staff, at=clock.now(), subject=village, changes=changes)
    return village


@transaction.atomic
def at_home(*, staff: Staff, village: Village | None, languages: str, by) -> HomeGround:
    """This function will note where a colleague is at home and what they speak; it only ever serves as fit."""
    may_decide(by)
    row, _is_new = HomeGround.objects.update_or_create(
        staff=staff, defaults={"village": village, "languages": languages.strip()[:60]}
    )
    audit.log("areas.home_ground", by=by.staff, at=clock.now(), subject=staff)
    return row
