"""One ledger through every door: ten thousand pairs of duty and instant, the same on each that shows them.

Engine, schedule, the child's page, today's list, the month's sheet, the workbook and the API: whatever one of them
says of a duty on a day, all say.
"""

import html
import io
import re
from collections import Counter
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection

from bangfu.engine.standing import State
from bangfu.flow import adopt, agenda, duty_list, schedule, sheet
from bangfu.records.models import Case
from bangfu.web.formats import days, near
from tests import factories
from tests.flow.ledger_school import LedgerSchool

# a minute each on a free machine, five on a busy one
pytestmark = pytest.mark.django_db
INSTANTS = tuple(
    date(2026, month, day)
    for month, some in ((9, (25,)), (10, (14, 16, 22, 28)), (11, (3, 6, 12, 19, 24, 30)), (12, (4, 8, 11)))
    for day in some
)
if connection.vendor != "sqlite":  # a second database meets one school, on every third of the days
    INSTANTS = INSTANTS[::3]
DOORS = ("schedule", "api", "page", "export", "today", "sheet")
ENOUGH = 5_000 if connection.vendor == "sqlite" else 1_500  # of each of two schools
WAITING = (State.open, State.can_still_be_added)
DONE = (State.done, State.done_recorded_late)


def cell(s):
    e = s.expectation
    return (
        e.plan_key, e.subject_id, e.duty_key, e.period, e.opens_on, e.due_on, str(s.state), e.times, s.count, e.minutes
    )  # fmt: skip


@pytest.fixture(params=[7, 20] if connection.vendor == "sqlite" else [20])
def there(request, settings):
    found = LedgerSchool(request.param, settings=settings)
    found.write(200)
    found.waive(date(2026, 10, 16), 8)
    found.seal(date(2026, 9, 1))
    return found


def sign_in(client, staff):
    client.force_login(staff.user, backend="bangfu.records.access.ViewerBackend")
    return client


def by_schedule(there, day):
    school = there.fresh()
    asked = schedule.Asked(school, day - agenda.LOOKBACK, day, day)
    plans = adopt.plans_in_force(school, day)
    cases = Case.objects.filter(school=school).open_on(day)
    found = {}
    for plan in plans:
        found |= schedule.ledger(plan, cases.filter(plan_key=plan.key), asked)
    return {pk: dossier.standings for pk, dossier in found.items()}


def by_api(client, there, day, plans):
    """What the API says of each child, as cells; its children and cases are told apart by pupil and plan."""
    case_of = {(t.row.pupil_id, t.row.plan_key): t.row.pk for t in there.open_on(day)}
    found = []
    for pupil in there.pupils:
        answer = client.get(f"/api/duties?pupil={pupil.pk}&on={day}").json()
        for one in answer["duties"]:
            assert one["about"] == {"pupil": str(pupil.pk)}
            found.append(told(one, case_of[pupil.pk, one["plan"]]))
    return found


def told(one, case_id):
    return (
        one["plan"], case_id, one["duty"], one["period"], date.fromisoformat(one["opens_on"]),
        date.fromisoformat(one["due_on"]), one["state"], one["times"], one["count"], one["minutes"],
    )  # fmt: skip


LINE = re.compile(
    r"<div><dt>([^<]+)</dt><dd class=\"pills\">(.*?)<details>.*?<p class=\"second\">([^<]+)</p>", re.S
)


def by_page(page):
    """The lines of 现在这样帮 as the page shows them: title, window, when last, why."""
    return [
        (
            html.unescape(title),
            " ".join(html.unescape(re.sub("<[^>]+>", " ", pills)).split()),
            html.unescape(why),
        )
        for title, pills, why in LINE.findall(page)
    ]


def lines_of(there, told, day):
    """The same lines by the engine."""
    some = there.standings(told, (day - timedelta(days=62), day), day)
    found = []
    for duty in there.plan_on(told.row.plan_key, day).duties:
        mine = [s for s in some if s.expectation.duty_key.partition("@")[0] == duty.key]
        if not mine:
            continue
        now = next((s for s in mine if s.expectation.opens_on <= day <= s.expectation.due_on), None)
        last = max((s.done_on for s in mine if s.done_on), default=None)
        window = ""
        if now is not None:
            window = days(now.expectation.opens_on, now.expectation.due_on)
            window = "够了" if now.state in DONE else "这次没做成" if now.state is State.excused else window
        found.append((duty.title, window, near(last) if last else "", now))
    return found


def the_pages_agree(there, client, day) -> int:
    count = 0
    for pupil in there.pupils:
        page = client.get(f"/pupils/{pupil.pk}").content.decode()
        shown = by_page(page)
        mine = [t for t in there.open_on(day) if t.row.pupil_id == pupil.pk]
        wanted = [line for t in mine for line in lines_of(there, t, day)]
        assert Counter(title for title, _, _ in shown) == Counter(title for title, *_ in wanted), (day, pupil)
        left = list(shown)
        for title, window, last, _now in wanted:
            text = f"{window} 上次：{last}" if last else window
            fitting = [one for one in left if one[0] == title and one[1].split() == text.split()]
            assert fitting, (day, title, text, [one for one in left if one[0] == title])
            left.remove(fitting[0])
            count += 1
    return count


def own_api_agrees(there, client, mine, day) -> int:
    """The API says of one's own duties what the engine says."""
    found = [one for one in client.get("/api/duties").json()["duties"] if "pupil" in one["about"]]
    said = [(d["plan"], d["about"]["pupil"], d["duty"], d["period"], d["state"], d["count"]) for d in found]
    pupil_of = {t.row.pk: str(t.row.pupil_id) for t in there.cases}
    wanted = [
        (e.plan_key, pupil_of[e.subject_id], e.duty_key, e.period, str(s.state), s.count)
        for e, s in ((s.expectation, s) for s in mine)
    ]
    assert Counter(said) == Counter(wanted), day
    return len(said)


def the_workbook_agrees(there, client, mine, day) -> int:
    """The workbook says of one's own duties what the engine says, line by line."""
    book = openpyxl.load_workbook(io.BytesIO(client.get("/duties.xlsx").content))
    rows = [row for row in book.active.iter_rows(values_only=True) if str(row[1]).startswith("学生")]
    lines = [(*row[1:4], row[4].date(), row[5].date(), *row[6:9]) for row in rows]
    titles = {key: versions[-1].plan.short_title for key, versions in there.versions.items()}
    name_of = {t.row.pk: t.row.pupil.name for t in there.cases}
    wanted = [
        (
            name_of[e.subject_id],
            e.title,
            titles[e.plan_key],
            e.opens_on,
            e.due_on,
            duty_list.STATES[s.state],
            s.count,
            e.times,
        )
        for e, s in ((s.expectation, s) for s in mine)
    ]
    assert Counter(lines) == Counter(wanted), day
    return len(lines)


def today_agrees(there, staff, mine, day) -> int:
    """What waits stands on today's list, each once, inside its days; nothing else does."""
    found = agenda.agenda(factories.viewer(staff, day))
    every = found.today + found.week + found.later + found.late + found.older
    rows = [row for row in every if row.kind in ("case", "decision")]
    shown = Counter((child.id, key) for row in rows for child in row.children for key in row.duties)
    cells = Counter(cell for row in rows for cell in row.cells)  # what 没做成 would set aside
    case_pupil = {t.row.pk: t.row.pupil_id for t in there.cases}
    waiting = [s for s in mine if s.state in WAITING]
    assert shown == Counter(
        (case_pupil[s.expectation.subject_id], s.expectation.duty_key) for s in waiting
    ), (day, staff)
    assert cells <= Counter("{1} {2} {3}".format(*s.expectation.identity) for s in waiting), (day, staff)
    for row in rows:
        for child in row.children:
            for key in row.duties:
                assert any(
                    s.expectation.opens_on <= row.opens_on and row.due_on <= s.expectation.due_on
                    for s in waiting
                    if case_pupil[s.expectation.subject_id] == child.id and s.expectation.duty_key == key
                )
    return len(waiting)


def the_sheet_agrees(there, staff, day) -> int:
    school, count = there.fresh(), 0
    period = sheet.month_period(school, day)
    for plan in adopt.plans_in_force(school, day):
        paper = sheet.compile_sheet(plan=plan, helper=staff, school=school, period=period, day=day)
        for child in paper["children"]:
            (told,) = [t for t in there.cases if str(t.row.pk) == child["case"]]
            some = there.standings(told, (period.opens_on, period.due_on), day)
            some = [
                s
                for s in some
                if "helper" in s.expectation.who and period.opens_on <= s.expectation.due_on <= period.due_on
            ]
            wanted = {}
            for s in some:
                line = wanted.setdefault(s.expectation.duty_key, [0, 0, 0, []])
                line[0] += s.state in DONE
                line[1] += s.state is State.excused
                line[2] += 1
                line[3] += [s.expectation.period_title] if s.state in (*WAITING, State.not_done) else []
            assert {
                d["key"]: [d["done"], d["excused"], d["of"], d["missing"]] for d in child["duties"]
            } == wanted, day
            count += len(some)
    return count


OWN = ((the_workbook_agrees, "export"), (own_api_agrees, "api"))  # in turn: both take their time


def test_ten_thousand_duties_and_instants_are_the_same_through_every_door(there, client, settings):
    pairs: Counter = Counter()  # per door, how many (duty, instant) it said something of that was compared
    for at, day in enumerate(INSTANTS):
        settings.DAY = day
        engine = {t.row.pk: there.standings(t, (day - agenda.LOOKBACK, day), day) for t in there.open_on(day)}
        cells = Counter(cell(s) for some in engine.values() for s in some)
        pairs["engine"] += sum(cells.values())
        ledger = by_schedule(there, day)
        assert {pk: set(some) for pk, some in ledger.items()} == {
            pk: set(some) for pk, some in engine.items()
        }
        pairs["schedule"] += sum(len(some) for some in ledger.values())
        if at % 3 == 0:  # one's own duties, below, come by the same door
            api = by_api(sign_in(client, there.principal), there, day, engine)
            assert Counter(api) == cells
            pairs["api"] += len(api)
        pairs["page"] += the_pages_agree(there, client, day)
        own, door = OWN[at % 2]
        for staff in (*there.teachers, there.supervisor, there.principal):
            mine = [
                s
                for t in there.open_on(day)
                for s in engine[t.row.pk]
                if there.falls_to(staff, t, s.expectation, day)
            ]
            pairs[door] += own(there, sign_in(client, staff), mine, day)
            pairs["today"] += today_agrees(there, staff, mine, day)
        for staff in there.teachers:
            pairs["sheet"] += the_sheet_agrees(there, staff, day)
    assert all(pairs[door] >= ENOUGH for door in DOORS), pairs
