"""What was done, as official papers tell it: one child's records line by line (F17), a helper's term in figures (F21).

Nothing is asked again: talks, tutoring and calls come from records, as chips and sentences were left there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from bangfu.engine.register import FormSpec
from bangfu.exchange.paper import Room
from bangfu.flow import adopt
from bangfu.flow.register import Cells, Child, Stretch
from bangfu.records.models import Decision, Evidence, MonthSheet, Nomination, TermSummary

# What the guardian's side was like, as guardian_contact.toml and home_visit.toml offer it.
OUTCOMES = {
    "reached": "联系上了",
    "unreached": "没联系上",
    "uncooperative": "家长有难处，请包级领导一起做工作",
}
DECISIONS = {"continue": "继续", "change": "调整", "close": "结束"}
# Column → activities told there, in this order; an activity named nowhere is told under the first column.
TOLD_IN = {
    "talk": ("talk", "pupil_report", "group_activity"),
    "tutoring": ("tutoring", "measure"),
    "guardian_contact": ("home_visit", "guardian_contact"),
}
PLACED = frozenset(activity for some in TOLD_IN.values() for activity in some)
ITSELF = {"talk", "tutoring", "guardian_contact"}  # the heading already says what these are
EFFECTS = {"today", "effect"}  # groups of chips that stand in the column 效果
SUMMARY_ROOM = 60.0


@dataclass(frozen=True, slots=True)
class Told:
    """One record as it is read for a paper."""

    id: UUID
    on: date
    activities: tuple[str, ...]
    answers: dict
    note: str
    bright_spot: str
    reflection: str
    author_id: UUID
    author: str
    written_at: datetime

    @property
    def added_on(self) -> date | None:
        """The day it was written down, when that was later than the day it happened."""
        written_on = timezone.localdate(self.written_at)
        return written_on if written_on > self.on else None


def told_about(found: Iterable[Child], stretch: Stretch) -> dict[UUID, list[Told]]:
    """This function will read the records of these children in the stretch, without the checkers' own; one query."""
    rows = (
        Evidence.objects.visible_to(stretch.by)
        .current()
        .filter(
            about__pupil__in=[child.case.pupil_id for child in found],
            happened_on__gte=stretch.opens_on,
            happened_on__lte=stretch.due_on,
        )
        .order_by("happened_on", "happened_at", "written_at", "id")
        .values_list(
            "about__pupil_id", "id", "happened_on", "activities", "answers", "note", "bright_spot", "reflection",
            "author_id", "author__name", "written_at",
        )
    )  # fmt: skip
    told = defaultdict(list)
    for pupil, pk, on, activities, *rest in rows:
        if kept := tuple(activity for activity in activities if _of_a_helper(activity)):
            told[pupil].append(Told(pk, on, kept, *rest))
    return told


def _of_a_helper(activity: str) -> bool:
    form = adopt.shelf().commons.forms.get(activity)
    return activity != "interview" and (form is None or form.quick)


def lines(child: Child, told: list[Told], stretch: Stretch) -> list[Cells]:
    """This function will make one line a record: week, day, talk, tutoring, guardian contact, effect, reflection."""
    return [
        {
            "week": f"第{week}周" if (week := stretch.calendar.teaching_week(one.on)) else "",
            "on": one.on,
            **_contents(one, child),
            "effect": _effect(one),
            "reflection": one.reflection,
        }
        for one in told
    ]


def _contents(one: Told, child: Child) -> Cells:
    """Chips go to the column of their activity; the sentence stands once, in the first column that has something."""
    columns: dict[str, list[str]] = {}
    for column, activities in TOLD_IN.items():
        here = [activity for activity in activities if activity in one.activities]
        if "home_visit" in here:
            here = ["home_visit"]  # a visit is a contact; it is told once
        if column == "talk":
            here += [activity for activity in one.activities if activity not in PLACED]
        if here:
            columns[column] = [_activity(activity, one) for activity in here]
    author = "" if one.author_id in dict(child.helpers) else one.author
    late = f"{one.added_on.month}月{one.added_on.day}日补" if one.added_on else ""
    said = [one.note.strip().rstrip("。"), f"（{author}{late}记）" if author or late else ""]
    first = next(iter(columns), None)
    return {
        column: "。".join(part for part in [*parts, *(said if column == first else ())] if part) or "✓"
        for column, parts in columns.items()
    }


def _activity(activity: str, one: Told) -> str:
    """谈心 with chips 心情、家里 → 心情、家里; an activity the heading doesn't say is named: 家访：祖辈，住."""
    commons = adopt.shelf().commons
    form = commons.forms.get(activity)
    name = "" if activity in ITSELF else commons.labels.activity.get(activity, "")
    chips = "，".join(part for part in _chips(form, one.answers) if part) if form else ""
    return "：".join(part for part in (name, chips) if part)


def _chips(form: FormSpec, answers: dict) -> list[str]:
    given = answers[form.key] if isinstance(answers.get(form.key), dict) else answers
    said = [
        "、".join(option for option in _listed(given.get(group.key)) if option in group.options)
        for group in form.groups
        if group.key not in EFFECTS
    ]
    for question in form.questions:
        answer = given.get(question.key)
        said.append(OUTCOMES.get(answer, answer) if isinstance(answer, str) else "")
    return said


def _effect(one: Told) -> str:
    said: dict[str, None] = {}
    for given in (one.answers, *(value for value in one.answers.values() if isinstance(value, dict))):
        said |= {f"孩子{today}": None for today in _listed(given.get("today"))}
        said |= dict.fromkeys(_listed(given.get("effect")))
    if one.bright_spot.strip():
        said[f"闪光点：{one.bright_spot.strip()}"] = None
    return "，".join(said)


def _listed(value) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def figures(helper_id: UUID, mine: list[Child], stretch: Stretch) -> list[Cells]:
    """This function will count a helper's term, item by item, and leave room for a few sentences (P9-41)."""
    told = {
        one.id: one
        for some in told_about(mine, stretch).values()
        for one in some
        if one.author_id == helper_id
    }
    count = Counter(activity for one in told.values() for activity in one.activities)
    contacts = sum(not {"guardian_contact", "home_visit"}.isdisjoint(one.activities) for one in told.values())
    names = "、".join(f"{child.cells['name']}（{child.cells['class']}）" for child in mine)
    rows = [
        ("帮扶的学生", f"{len(mine)} 名：{names}" if mine else "没有"),
        ("谈心", f"{count['talk']} 次"),
        ("辅导", f"{count['tutoring']} 次"),
        (
            "联系家长",
            f"{contacts} 次" + (f"，其中家访 {count['home_visit']} 次" if count["home_visit"] else ""),
        ),
        ("交月记录", _months_handed_in(helper_id, stretch)),
        ("学期审定", _decided(mine, stretch)),
        ("表彰", _praised(mine, stretch)),
    ]
    summary = TermSummary.objects.filter(
        plan_key=stretch.plan.key, helper=helper_id, term_key=stretch.term.key
    ).values_list("text", flat=True).first()  # fmt: skip
    told_rows: list[Cells] = [{"item": item, "content": content} for item, content in rows]
    return [*told_rows, {"item": "总结（300 字以内）", "content": summary or Room(SUMMARY_ROOM)}]


def _decided(mine: list[Child], stretch: Stretch) -> str:
    cases = [child.case.pk for child in mine]
    outcomes = Decision.objects.filter(case__in=cases, term_key=stretch.term.key).values_list(
        "outcome", flat=True
    )
    decided = Counter(outcomes)
    return (
        "，".join(f"{DECISIONS[key]} {decided[key]} 名" for key in DECISIONS if decided[key]) or "还没有审定"
    )


def _praised(mine: list[Child], stretch: Stretch) -> str:
    pupils = [child.case.pupil_id for child in mine]
    count = Nomination.objects.filter(pupil__in=pupils, term_key=stretch.term.key, state="approved").count()
    return f"{count} 次" if count else "没有"


def _months_handed_in(helper_id: UUID, stretch: Stretch) -> str:
    first, last = stretch.term.starts_on.replace(day=1), stretch.term.ends_on
    months = MonthSheet.objects.filter(
        helper=helper_id, plan_key=stretch.plan.key, month__gte=first, month__lte=last
    ).order_by("month")
    names = [f"{month.month}月" for month in months.values_list("month", flat=True)]
    return f"{len(names)} 个月：{'、'.join(names)}" if names else "还没有交"
