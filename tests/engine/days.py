"""The calendar most engine tests stand on: spring 2026 with a long February, autumn 2026, spring 2027."""

from datetime import date, timedelta

from bangfu.engine.calendar import Calendar, Term
from bangfu.engine.plan import Plan

NATIONAL_DAY = {date(2026, 10, 1) + timedelta(days=i) for i in range(7)}
SPRING_FESTIVAL = {date(2026, 2, 15) + timedelta(days=i) for i in range(9)}
SPRING_2026 = Term("2025-2026-2", "2025—2026学年第二学期", date(2026, 2, 2), date(2026, 7, 3))
AUTUMN_2026 = Term("2026-2027-1", "2026—2027学年第一学期", date(2026, 9, 1), date(2027, 1, 22))
SPRING_2027 = Term("2026-2027-2", "2026—2027学年第二学期", date(2027, 2, 22), date(2027, 7, 9))


def calendar(**changes) -> Calendar:
    known = {
        "terms": (SPRING_2026, AUTUMN_2026, SPRING_2027),
        "holidays": frozenset(NATIONAL_DAY | SPRING_FESTIVAL | {date(2026, 9, 25), date(2027, 1, 1)}),
        "workdays": frozenset({date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)}),
        "provisional": frozenset({2027}),
    }
    return Calendar(**(known | changes))


def duty(key="talk", **said) -> dict:
    known = {"key": key, "title": key, "who": ["helper"], "accepts": [key]}
    if not {"every", "once", "on"} & said.keys():
        known["every"] = {"unit": "teaching_week"}
    return known | said


def plan(*duties, **said) -> Plan:
    known = {"key": "p", "title": "方案", "short_title": "方案", "subject": "child", "edition": "seed"}
    return Plan.model_validate(known | {"duty": list(duties)} | said)
