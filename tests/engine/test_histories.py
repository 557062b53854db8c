"""Ten thousand random histories: replayed, shuffled and run twice, each gives the same ledger."""

import random
from dataclasses import replace
from datetime import date, timedelta

from bangfu.engine.case import Act, CaseEvent, CaseView, Spell
from bangfu.engine.fact import FactSpec, Stated
from bangfu.engine.standing import standing, standings
from bangfu.engine.version import Version, owed_over, reigns
from tests.engine.days import calendar, duty, plan

D = date
CAL = calendar()
FIRST, LAST = D(2026, 1, 20), D(2027, 8, 10)
KINDS = ("talk", "lesson", "visit")
ROLES = ("helper", "homeroom_teacher", "subject_teacher")
WORDS = {"away": FactSpec(key="away", title="父母在外", type="bool")}


def made(*duties):
    found = plan(*duties, category=[{"key": "left", "title": "父母在外", "where": "父母在外"}])
    found._words = WORDS
    return found


BEFORE = made(
    duty("talk"),
    duty("visit", every={"unit": "civil_month", "n": 3}, who=["helper", "homeroom_teacher"], by="each"),
    duty("lesson", every={"unit": "month"}, amount={"of": "lessons", "at_least": 4}, times=2),
    duty("pair", accepts=["visit"], persons=2, every={"unit": "term"}, where="父母在外"),
    duty(
        "after",
        accepts=["talk"],
        on={"event": "absence", "after": 2, "unit": "school_day", "days": 3, "still": True},
    ),
    duty("first", accepts=["talk"], once={"after": "case_opened", "n": 10, "unit": "workday"}),
)
AFTER = made(
    duty("talk", every={"unit": "week", "n": 2, "anchor": D(2026, 9, 7)}),
    duty("lesson", every={"unit": "textbook_unit"}, sample=0.6, **{"for": ["left"]}),
    duty("new", accepts=["talk"], every={"unit": "month"}, due_day=20),
)


def some_day(chance):
    return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))


def spells(chance, most):
    starts = [some_day(chance) for _ in range(chance.randrange(most))]
    return [Spell(day, day + timedelta(days=chance.randrange(40))) for day in starts]


def history(chance):
    opened = some_day(chance)
    facts = [Stated(chance.choice([True, False, None]), some_day(chance)) for _ in range(chance.randrange(4))]
    case = CaseView(
        "c", "p", opened, chance.choice(["", "left"]),
        closed_on=opened + timedelta(days=chance.randrange(300)) if chance.random() < 0.3 else None,
        pauses=tuple(spells(chance, 3)), helper_pauses=tuple(spells(chance, 2)),
        helped=None if chance.random() < 0.5 else tuple(spells(chance, 3)),
        events=tuple(CaseEvent("absence", s.opens_on, chance.choice([None, s.due_on])) for s in spells(chance, 3)),
        facts={"away": tuple(facts)} if facts else {},
    )  # fmt: skip
    acts = []
    for at in range(chance.randrange(14)):
        day = some_day(chance)
        acts.append(
            Act(
                at, day, day + timedelta(days=chance.choice([0, 0, 1, 20])),
                frozenset(chance.sample(KINDS, chance.randint(1, 2))), frozenset(chance.sample(ROLES, 1)),
                attended=chance.random() < 0.9, persons=chance.randint(1, 2), amounts={"lessons": chance.randint(0, 3)},
            )
        )  # fmt: skip
    change = some_day(chance)
    versions = [Version(BEFORE, D(2026, 1, 1), change), Version(AFTER, change)]
    asked = tuple(sorted((some_day(chance), some_day(chance))))
    return case, acts, versions, asked, some_day(chance)


def ledger(case, acts, versions, asked, day):
    owed = owed_over(reigns(versions), case, CAL, asked)
    return standings(owed, acts, day=day, sealed=lambda e: e.due_on.month % 2 == 0)


def mixed(chance, case, acts, versions):
    shuffled = {
        name: tuple(chance.sample(list(found), len(found)))
        for name in ("pauses", "helper_pauses", "events")
        if (found := getattr(case, name))
    }
    facts = {key: tuple(chance.sample(list(some), len(some))) for key, some in case.facts.items()}
    return replace(case, **shuffled, facts=facts), chance.sample(acts, len(acts)), chance.sample(versions, 2)


def test_ten_thousand_histories_give_the_same_ledger_again_in_any_order_and_twice():
    lines = 0
    for seed in range(10_000):
        chance = random.Random(seed)
        case, acts, versions, asked, day = history(chance)
        once = ledger(case, acts, versions, asked, day)
        again = history(random.Random(seed))
        assert ledger(*again) == once, seed  # replayed from the start
        other, other_acts, other_versions = mixed(chance, case, acts, versions)
        assert ledger(other, other_acts, other_versions, asked, day) == once, seed
        assert len({s.expectation.identity for s in once}) == len(once), seed
        lines += len(once)
    assert lines > 50_000  # they are histories, not blanks


def test_judging_all_at_once_is_judging_one_by_one_with_amounts_persons_roles_and_versions():
    for seed in range(400):
        case, acts, versions, asked, day = history(random.Random(seed))
        found = ledger(case, acts, versions, asked, day)
        for one in found:
            e = one.expectation
            assert standing(e, acts, day=day, sealed=e.due_on.month % 2 == 0) == one, seed


def test_asking_for_two_halves_of_the_days_is_asking_for_all_of_them():
    for seed in range(1_000):
        case, _, versions, (first, last), middle = history(random.Random(seed))
        middle = min(max(first, middle), last)
        over = reigns(versions)
        whole = set(owed_over(over, case, CAL, (first, last)))
        parts = {*owed_over(over, case, CAL, (first, middle)), *owed_over(over, case, CAL, (middle, last))}
        assert parts == whole, seed


def test_what_opened_before_a_change_stands_as_if_nothing_had_changed():
    for seed in range(1_000):
        case, acts, versions, asked, day = history(random.Random(seed))
        change = versions[1].valid_from
        unchanged = ledger(case, acts, [Version(BEFORE, D(2026, 1, 1))], asked, day)
        changed = ledger(case, acts, versions, asked, day)
        past = [s for s in changed if s.expectation.opens_on < change]
        assert past == [s for s in unchanged if s.expectation.opens_on < change], seed
        stopped = ledger(case, acts, [Version(BEFORE, D(2026, 1, 1), change)], asked, day)
        assert past == list(stopped), seed
