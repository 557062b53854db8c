"""A school with many plans and a random history, kept twice: as rows, and as the engine's values, told apart from them.

What stands here as values was never read from the tables, so a door that reads them wrongly disagrees with it.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from bangfu.engine import pack
from bangfu.engine.case import Act, CaseEvent, CaseView, Spell
from bangfu.engine.fact import Stated
from bangfu.engine.standing import standings
from bangfu.engine.timeline import Limits, settled
from bangfu.engine.version import Version, owed_over, reigns
from bangfu.flow import adopt, clock, record
from bangfu.flow.almanac import calendar_for
from bangfu.flow.company import Company
from bangfu.records.models import (
    Absence,
    AdoptedPlan,
    Case,
    FactStatement,
    Leave,
    MonthSheet,
    Pairing,
    School,
    SheetCase,
    Waiver,
)
from tests import factories

DAY = timedelta(days=1)
FIRST, LAST, CHANGE = date(2026, 9, 1), date(2026, 12, 11), date(2026, 10, 21)
PLANS = ("weekly_support", "hand_in_hand", "mentors", "whole_school", "growth_plan")
KINDS = (
    "talk",
    "tutoring",
    "guardian_contact",
    "home_visit",
    "pupil_report",
    "measure",
    "check_up",
    "handling",
)
SAID = (
    ({}, ()),
    ({"outcome": "uncooperative"}, ("guardian_uncooperative",)),
    ({"effect": "会了"}, ("progress_seen",)),
)
FACTS = {
    "left_behind_roll": (0, 1, 2), "boards": (True, False), "keeping_up": ("很吃力", "跟得上"), "orphan": (True, False),
    "exited_poor": (True, False), "conduct": ("挺好", "常要提醒"),
}  # fmt: skip
HAPPENED = {"check_up": "test", "handling": "incident"}


@dataclass
class Told:
    """One case as the engine should see it; `pairs` are (helper, first, last excluded or None)."""

    row: Case
    pairs: list = field(default_factory=list)


class LedgerSchool:
    """One school, its plans, children and history, drawn by a seed."""

    def __init__(self, seed: int, pupils: int = 24, settings=None):
        self.chance, self.settings, self._calendar = random.Random(seed), settings, None
        self.school = factories.school()
        self.one, self.two = (factories.school_class(self.school, 3, n) for n in (1, 2))
        self.principal = factories.staff(self.school, "王振华", "wang", ("principal", None))
        self.supervisor = factories.staff(self.school, "张国栋", "zhang", ("grade_supervisor", 3))
        self.minders = {
            self.one.pk: factories.staff(self.school, "孙丽", "sun", ("homeroom_teacher", self.one)),
            self.two.pk: factories.staff(self.school, "李秋月", "li", ("homeroom_teacher", self.two)),
        }
        self.others = [
            factories.staff(self.school, "赵志远", "zhao", ("class_attached_teacher", self.two)),
            factories.staff(self.school, "田野", "tian", ("subject_teacher", self.two)),
        ]
        self.teachers = [*self.minders.values(), *self.others]
        self.pupils = [
            factories.pupil(self.chance.choice([self.one, self.two]), f"学生{at:02}", seat_no=at) for at in range(pupils)
        ]  # fmt: skip
        self.class_of = {p.pk: p.enrolments.get().school_class_id for p in self.pupils}
        self.acts, self.facts, self.away = ({p.pk: [] for p in self.pupils} for _ in range(3))
        self.versions = self._adopt()
        self.leaves = self._leaves()
        self.cases = [self._case(p, key) for p in self.pupils for key in self.chance.sample(PLANS, 4)]
        for pupil in self.pupils:
            self._facts(pupil)
            self._absence(pupil)
        self.waived: dict = {}
        self.sealed: dict = {}

    def day(self, first=FIRST, last=LAST) -> date:
        return first + timedelta(days=self.chance.randrange((last - first).days))

    def _adopt(self) -> dict:
        found: dict = {}
        spells = {"weekly_support": [("seed", date(2026, 3, 1), CHANGE), ("recommended", CHANGE, None)]}
        for key in PLANS:
            for number, (edition, first, last) in enumerate(
                spells.get(key, [("recommended", FIRST, None)]), 1
            ):
                text = adopt.shelf().texts[key, edition]
                AdoptedPlan.objects.create(
                    school=self.school, key=key, edition=edition, version=number, content=text, digest=pack.digest(text),
                    valid_from=first, valid_to=last, adopted_at=clock.now(),
                )  # fmt: skip
                found.setdefault(key, []).append(Version(adopt.read(text), first, last))
        return found

    def _leaves(self) -> list:
        found = []
        for staff in self.teachers:
            deputy = self.chance.choice([None, *(t for t in self.teachers if t != staff)])
            first = self.day()
            last = first + timedelta(days=self.chance.randrange(2, 25))
            Leave.objects.create(staff=staff, starts_on=first, ends_on=last, deputy=deputy, by=self.principal)
            found.append((staff, first, last, deputy))
        return found

    def _case(self, pupil, key: str) -> Told:
        chance, plan = self.chance, self.versions[key][-1].plan
        opened = self.day(FIRST, date(2026, 10, 20))
        category = chance.choice(["", *(c.key for c in plan.categories)])
        closed = self.day(opened + 10 * DAY) if chance.random() < 0.15 else None
        row = Case.objects.create(
            school=self.school, pupil=pupil, plan_key=key, category=category, opened_on=opened, closed_on=closed,
            opened_by=self.principal,
        )  # fmt: skip
        told = Told(row)
        if chance.random() < 0.9:
            first = opened + timedelta(days=chance.randrange(6))
            changed = self.day(first + 7 * DAY) if chance.random() < 0.35 else None
            self._pair(told, chance.choice(self.teachers), first, changed)
            if changed and chance.random() < 0.8:
                self._pair(told, chance.choice(self.teachers), changed + chance.randrange(9) * DAY, None)
        return told

    def _pair(self, told: Told, helper, first: date, last: date | None) -> None:
        Pairing.objects.create(
            case=told.row, helper=helper, state="ended" if last else "confirmed", reason="同班", proposed_on=first,
            confirmed_by=self.principal, valid_from=first, valid_to=last, accepted_on=first,
        )  # fmt: skip
        told.pairs.append((helper, first, last))

    def _facts(self, pupil) -> None:
        for key, values in FACTS.items():
            for _ in range(self.chance.randrange(3)):
                on, value = self.day(date(2026, 8, 1)), self.chance.choice(values)
                source, at = self.chance.choice(["roll", "survey"]), clock.now()
                FactStatement.objects.create(
                    pupil=pupil, source=source, stated_on=on, known_at=at, values={key: value}
                )
                stated = Stated(value, on, self._next_term(key, on), at, source, pupil.pk)
                self.facts[pupil.pk].append((key, stated))

    def _next_term(self, key: str, on: date) -> date | None:
        """What a teacher sees of a child is looked at anew each term."""
        if adopt.shelf().commons.facts[key].lasts != "term":
            return None
        return min((t.starts_on for t in self.school.terms.all() if t.starts_on > on), default=None)

    def _absence(self, pupil) -> None:
        for _ in range(self.chance.randrange(3)):
            first = self.day()
            last = first + timedelta(days=self.chance.randrange(12))
            Absence.objects.create(pupil=pupil, starts_on=first, ends_on=last, by=self.principal)
            self.away[pupil.pk].append(Spell(first, last))

    # ── what is written down ─────────────────────────

    def write(self, how_many: int) -> None:
        """Random records by anybody at the school, some late, some amended, some taken back."""
        for _ in range(how_many):
            chance, author = self.chance, self.chance.choice([*self.teachers, self.supervisor])
            on = self.day()
            late = min(on + timedelta(days=chance.choice([0, 0, 0, 1, 9, 40])), LAST)
            about = chance.sample(self.pupils, chance.choice([1, 1, 1, 3]))
            row, act = self._record(author, on, late, about)
            turn = chance.random()
            if turn < 0.1:
                self._at(late)
                record.withdraw(evidence=row, by=factories.viewer(author, late))
                continue
            if turn < 0.25:
                other = self.day(FIRST, late) if late > FIRST else on
                row, act = self._record(author, other, late, about, amends=row)
            for pupil in about:
                self.acts[pupil.pk].append(act(pupil))

    def _at(self, day: date) -> None:
        self.settings.DAY = day

    def _record(self, author, on, late, about, amends=None):
        chance = self.chance
        self._at(late)
        kinds = tuple(chance.sample(KINDS, chance.choice([1, 1, 2])))
        answers, events = chance.choice(SAID)
        answers = dict(answers)
        attended, persons = chance.random() < 0.9, chance.choice([1, 1, 2])
        answers |= {"persons": persons} if persons > 1 else {}
        answers |= {} if attended else {"attended": False}
        minutes = chance.choice([None, 10, 40])
        entry = record.Entry(kinds, on, answers=answers, minutes=minutes, company=Company(alone_because="不远"))
        by = factories.viewer(author, late)
        row = (
            record.amend(evidence=amends, entry=entry, by=by)
            if amends
            else record.add(entry=entry, pupils=about, by=by)
        )
        told = events + tuple(sorted(HAPPENED[k] for k in kinds if k in HAPPENED))
        amounts = {} if minutes is None else {"minutes": minutes}

        def act(pupil):
            roles = self.roles_at(author, pupil, on)
            return Act(row.pk, on, late, frozenset(kinds), roles, None, attended, persons, amounts), told

        return row, act

    def roles_at(self, staff, pupil, on: date, told: Told | None = None) -> frozenset[str]:
        """What a member of staff is to a child on a day, by all its pairs or those of one case."""
        roles, here = set(), self.class_of[pupil.pk]
        if staff == self.principal:
            roles.add("principal")
        elif staff == self.supervisor:
            roles.add("grade_supervisor")
        elif staff == self.minders[here]:
            roles.add("homeroom_teacher")
        elif here == self.two.pk and staff in self.others:
            roles.add("class_attached_teacher" if staff == self.others[0] else "subject_teacher")
        some = [told] if told else [t for t in self.cases if t.row.pupil_id == pupil.pk]
        helpers = {
            h for t in some for h, first, last in t.pairs if first <= on and (last is None or on < last)
        }
        if staff in helpers:
            roles.add("helper")
        if any(
            who in helpers and deputy == staff and first <= on <= last
            for who, first, last, deputy in self.leaves
        ):
            roles |= {"deputy", "helper"}
        return frozenset(roles)

    def waive(self, on: date, how_many: int) -> None:
        """Somebody notes 没做成 for some of what is expected around a day."""
        for told in self.chance.sample(self.cases, how_many):
            owed = self.owed(told, (on - 20 * DAY, on))
            for e in self.chance.sample(owed, min(2, len(owed))):
                Waiver.objects.create(
                    case=told.row, duty_key=e.duty_key, period=e.period, reason="nobody_home", by=self.principal,
                    at=clock.now(),
                )  # fmt: skip
                self.waived.setdefault(told.row.pk, {})[e.identity] = "nobody_home"

    def seal(self, month: date) -> None:
        """The month of one teacher in one plan is sealed."""
        for helper in self.teachers[:2]:
            sheet = MonthSheet.objects.create(
                school=self.school, plan_key="weekly_support", helper=helper, month=month, content={}, digest="",
                state="sealed", handed_in_at=clock.now(), handed_in_by=helper, sealed_at=clock.now(),
                sealed_by=self.principal,
            )  # fmt: skip
            for told in self.cases:
                helped = told.row.plan_key == "weekly_support" and any(h == helper for h, _, _ in told.pairs)
                if helped and told.row.pk not in self.sealed:
                    SheetCase.objects.create(sheet=sheet, case=told.row, entry_year=2024)
                    self.sealed[told.row.pk] = month

    # ── what the engine makes of it ──────────────────

    def view(self, told: Told) -> CaseView:
        pupil, row = told.row.pupil, told.row
        spells = [Spell(first, last - DAY if last else None) for _, first, last in told.pairs]
        pauses = [
            Spell(max(first, start), min(last, end.due_on) if end.due_on else last)
            for (helper, start, _), end in zip(told.pairs, spells, strict=True)
            for who, first, last, deputy in self.leaves
            if who == helper and deputy is None and last >= start and (end.due_on is None or first <= end.due_on)
        ]  # fmt: skip
        events = [CaseEvent("absence", s.opens_on, s.due_on) for s in self.away[pupil.pk]]
        events += [CaseEvent(kind, act.on) for act, told_of in self.acts[pupil.pk] for kind in told_of]
        said: dict = {}
        for key, stated in self.facts[pupil.pk]:
            said.setdefault(key, []).append(stated)
        facts = {key: settled(some, self._limits(key)) for key, some in said.items()}
        return CaseView(
            row.pk, pupil.pk, row.opened_on, row.category, row.closed_on, pupil.joined_on, pupil.left_on,
            pauses=tuple(self.away[pupil.pk]), helper_pauses=tuple(pauses), helped=tuple(spells), events=tuple(events),
            facts=facts,
        )  # fmt: skip

    def _limits(self, key: str) -> Limits:
        """What ends a fact by itself: the term, the years of its word; nobody here has a birthday."""
        commons = adopt.shelf().commons
        terms = self.calendar().terms
        return Limits(commons.facts[key], commons.code_list.by_fact.get(key), None, terms)

    def owed(self, told: Told, asked) -> list:
        over = reigns(self.versions[told.row.plan_key])
        return owed_over(over, self.view(told), self.calendar(), asked)

    def standings(self, told: Told, asked, day: date):
        """The engine's own answer for a case."""
        month = self.sealed.get(told.row.pk)
        return standings(
            self.owed(told, asked),
            [act for act, _ in self.acts[told.row.pupil_id]],
            day=day,
            waivers=self.waived.get(told.row.pk),
            sealed=lambda e: month is not None and e.due_on.replace(day=1) == month,
        )

    def open_on(self, day: date) -> list[Told]:
        return [
            told
            for told in self.cases
            if told.row.opened_on <= day and (told.row.closed_on is None or day < told.row.closed_on)
        ]

    def falls_to(self, staff, told: Told, e, day: date) -> bool:
        """Whether a duty falls to somebody: to the helper where there is one, else to whoever may."""
        roles = self.roles_at(staff, told.row.pupil, day, told)
        helped = any(first <= day and (last is None or day < last) for _, first, last in told.pairs)
        return "helper" in roles if "helper" in e.who and helped else not roles.isdisjoint(e.who)

    def plan_on(self, key: str, day: date):
        return next(v.plan for v in reversed(self.versions[key]) if v.valid_from <= day)

    def fresh(self) -> School:
        return School.objects.get(pk=self.school.pk)

    def calendar(self):
        """The calendar as it stood when it was first asked for: none of these schools changes it."""
        if self._calendar is None:
            self._calendar = calendar_for(self.fresh())
        return self._calendar
