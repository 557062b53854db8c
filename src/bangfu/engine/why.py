"""Why a child is chosen or not, and why a duty stands as it does, in at most two calm sentences: clause and facts.

A plan, a verdict or a standing, and dated facts in; Chinese words out. Pupil file, survey and today's list ask for it.
It says facts and the plan's clause, never a verdict about the child; unknown names what to find out first.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bangfu.engine.cadence import Duty
from bangfu.engine.case import CaseView
from bangfu.engine.condition import facts_on, holds
from bangfu.engine.eligibility import Advice
from bangfu.engine.expectation import Expectation
from bangfu.engine.fact import FactSpec, Stated, said, source_of
from bangfu.engine.plan import Plan
from bangfu.engine.register import Labels
from bangfu.engine.rule import Reason, Verdict
from bangfu.engine.standing import Standing, State

AT_MOST = 3  # of facts, kinds and roles named; who wants all of them opens the file
SUBJECT_UNITS = {
    "school_day": "个上学日", "teaching_week": "个教学周", "month": "个月", "term": "学期", "school_year": "学年",
    "textbook_unit": "个单元", "workday": "个工作日", "week": "周", "civil_month": "个月", "year": "年",
}  # fmt: skip
ONE = {"month": "月", "civil_month": "月", "textbook_unit": "单元", "teaching_week": "教学周"}
AFTER = {"term_start": "开学", "school_year_start": "学年开始", "case_opened": "开始帮扶", "joined": "来校"}
DAYS = {"day": "天", "workday": "个工作日", "school_day": "个上学日", "teaching_week": "个教学周"}
AMOUNTS = {"minutes": "分钟", "lessons": "课时", "people": "人", "things": "件"}
# What people noted where something was not possible; waivers keep the code.
EXCUSES = {
    "leave": "老师请假", "holiday": "放假", "child_away": "学生不在", "nobody_home": "家里没人", "no_road": "路不通",
    "too_much": "这个月事太多", "other": "有别的原因",
}  # fmt: skip


def of_choice(plan: Plan, advice: Advice | Verdict, facts: Mapping[str, Any]) -> str:
    """This function will say what the facts say of one child in a plan; who is chosen, people decide."""
    verdict = advice.verdict if isinstance(advice, Advice) else advice
    taken = plan.selection is not None and plan.selection.take == "eligible"
    looks = _some([c.title for c in plan.categories if c.where and not c.off])
    clause = f"方案“{plan.short_title}”" + (f"看的是：{looks}" if looks else "")
    if verdict.answer is None and verdict.unknown:
        return f"还不知道：{'、'.join(_title(plan, name) for name in verdict.unknown)}，先问清楚。{clause}。"
    known = _facts(plan, _deciding(advice), facts)
    if not known:
        return f"{clause}；{'还没有说到这些的事实' if looks else '要帮谁由老师选定'}。"
    if verdict.answer:
        ending = "都算在内" if taken else "选不选由老师定"
    else:
        ending = "照上面说的，不在内" if taken else "照上面说的，不用先看；选不选由老师定"
    return f"{known}。{clause}；{ending}。"


def of_duty(plan: Plan, standing: Standing, labels: Labels, case: CaseView | None = None) -> str:
    """This function will say which clause asks for a duty, of whom, in which days, and how far it has come.

    With the case it also tells the facts that made it owed; without it nothing about the child: lists are read
    over shoulders. The plan is any version of the standing's plan.
    """
    e = standing.expectation
    duty = next((d for d in plan.duties if d.key == e.duty_key.partition("@")[0]), None)
    often = _often(duty, e, labels) if duty else ""
    who = "或".join(_few([labels.role.get(role, "教职工") for role in e.who]))
    head = "，".join(
        part for part in (f"方案“{plan.short_title}”：{_plain(e.title)}", often, f"由{who}来做") if part
    )
    facts = _made_it_owed(plan, duty, e, case) if duty and case and not _to_find_out(e) else ""
    return f"{head}。{facts}{'；' if facts else ''}{_so_far(standing)}。"


def _so_far(standing: Standing) -> str:
    e, state = standing.expectation, standing.state
    window = _between(e)
    if state in (State.done, State.done_recorded_late):
        enough = f"{window}记了 {standing.count} 次"
        if state is State.done_recorded_late:
            return f"{enough}，{standing.reason}"
        return f"{enough}，{_day(standing.done_on, e.due_on)}就够了" if standing.done_on else enough
    if state is State.excused:
        why = EXCUSES.get(standing.reason, standing.reason)
        return why if _to_find_out(e) and why == e.suspended else f"{window}：{why}，这次不用做"
    if state is State.open:
        return standing.reason + (f"，已经记了 {standing.count} 次" if standing.count else "")
    return f"{window}：{standing.reason}" if standing.reason else window


def _to_find_out(e: Expectation) -> bool:
    return e.suspended.startswith("还不知道：")


def _made_it_owed(plan: Plan, duty: Duty, e: Expectation, case: CaseView) -> str:
    if not (duty.for_ or duty.where):
        return ""
    verdict = holds(plan, duty.for_, duty.where, case, e.opens_on)
    return _facts(plan, verdict.reasons, facts_on(case, e.opens_on), e.due_on) if verdict.answer else ""


def _deciding(advice: Advice | Verdict) -> Iterable[Reason]:
    if isinstance(advice, Verdict):
        return advice.reasons
    found = [f.verdict for f in advice.findings if f.verdict.answer is advice.verdict.answer]
    return advice.verdict.reasons or [reason for verdict in found for reason in verdict.reasons]


def _facts(
    plan: Plan, reasons: Iterable[Reason], facts: Mapping[str, Any], seen_on: date | None = None
) -> str:
    told: dict[str, None] = {}
    for reason in reasons:
        if reason.fact in plan._words or reason.fact in facts:
            if reason.value is not None:
                told[_fact(plan, reason, facts.get(reason.fact), seen_on)] = None
        elif reason.value is True:  # somebody put the child there; no fact says it
            title = next((c.title for c in plan.categories if c.key == reason.fact), "")
            told[f"选定时看的是“{_plain(title)}”"] = None
    return _some(list(told), "；")


def _fact(plan: Plan, reason: Reason, stated: Any, seen_on: date | None) -> str:
    spec = plan._words.get(reason.fact)
    shown = spec.said(reason.value) if isinstance(spec, FactSpec) else said(reason.value)
    source = since = ""
    if isinstance(stated, Stated):
        source = source_of(stated.source)
        since = _day(stated.valid_from, seen_on) if stated.valid_from else ""
    known = "，".join(word for word in (source, since) if word)
    return f"{_title(plan, reason.fact)}：{_plain(shown)}" + (f"（{known}）" if known else "")


def _often(duty: Duty, e: Expectation, labels: Labels) -> str:
    times = f" {e.times} 次" if e.times else ""
    more = f"，至少 {e.at_least} {AMOUNTS[e.amount_of]}" if e.at_least else ""
    if duty.every:
        unit, n = duty.every.unit, duty.every.n
        one = ONE.get(unit, SUBJECT_UNITS[unit].removeprefix("个"))
        return (f"每{one}" if n == 1 else f"每 {n} {SUBJECT_UNITS[unit]}") + times + more
    if duty.once:
        return f"{AFTER[duty.once.after]}后 {duty.once.n} {DAYS[duty.once.unit]}内{times}{more}"
    assert duty.on is not None  # a duty has exactly one of the three
    return f"{labels.event.get(duty.on.event, '有了这样的事')}以后{times}{more}"


def _title(plan: Plan, name: str) -> str:
    return str(getattr(plan._words.get(name), "title", name))


def _between(e: Expectation) -> str:
    if e.opens_on == e.due_on:
        return _day(e.due_on, e.due_on)
    same = (e.opens_on.year, e.opens_on.month) == (e.due_on.year, e.due_on.month)
    return f"{_day(e.opens_on, e.due_on)}—{f'{e.due_on.day}日' if same else _day(e.due_on, e.opens_on)}"


def _day(day: date, seen_on: date | None) -> str:
    """The year is said where it is not the one everybody reads."""
    return f"{day.month}月{day.day}日" if seen_on and day.year == seen_on.year else said(day)


def _plain(words: str) -> str:
    """A title's own full stops would end our sentence."""
    return words.rstrip("。！？").replace("。", "，").replace("！", "，").replace("？", "，")


def _few(words: list[str]) -> list[str]:
    return [*words[: AT_MOST - 1], f"{words[AT_MOST - 1]}等"] if len(words) > AT_MOST else words


def _some(words: list[str], between: str = "、") -> str:
    return between.join(_few([_plain(word) for word in dict.fromkeys(words)]))
