"""The first draft of a helper's term in words, out of what is recorded: steps reached, bright spots, what was not possible.

The figures stand beside it by themselves; the teacher looks, changes, keeps (P9-41). It only reads; no child is named.
"""

from collections import Counter

from bangfu.engine.period import Term
from bangfu.engine.plan import Plan
from bangfu.flow.sheet import cases_of
from bangfu.records.models import Decision, Evidence, GoalStep, MonthSheet, Staff, Waiver

MOST = 300
QUOTED = 40
REASONS = {
    "leave": "请假", "holiday": "放假", "child_away": "学生不在", "nobody_home": "家里没人", "no_road": "路不通",
    "too_much": "这个月事太多", "other": "其他原因",
}  # fmt: skip
OUTCOMES = {"continue": "继续帮", "change": "换个办法", "close": "可以结束"}


def draft(*, plan: Plan, helper: Staff, term: Term) -> str:
    """This function will write a term in a few sentences, at most 300 characters; empty when nothing can be said."""
    cases = cases_of(helper, plan, term.starts_on, term.ends_on)
    said = [_goals(cases, term), _bright(cases, helper, term), _missed(cases, term), _decided(cases, term)]
    said.append(_months(plan, helper, term))
    text = ""
    for sentence in filter(None, said):
        if len(text) + len(sentence) <= MOST:
            text += sentence
    return text


def _goals(cases, term: Term) -> str:
    steps = GoalStep.objects.filter(goal__case__in=cases, set_on__lte=term.ends_on)
    reached = steps.filter(state="reached", closed_on__range=(term.starts_on, term.ends_on)).count()
    still = steps.filter(state="open", goal__state="open").count()
    parts = [f"做到了 {reached} 步"] if reached else []
    parts += [f"还有 {still} 步在做"] if still else []
    return f"一起定的目标{'，'.join(parts)}。" if parts else ""


def _bright(cases, helper: Staff, term: Term) -> str:
    rows = Evidence.objects.current().filter(
        author=helper, about__pupil__cases__in=cases, happened_on__range=(term.starts_on, term.ends_on)
    )
    words = list(
        rows.exclude(bright_spot="").order_by("-happened_on").values_list("bright_spot", "pk").distinct()
    )
    if not words:
        return ""
    last = words[0][0]
    quoted = last if len(last) <= QUOTED else f"{last[: QUOTED - 1]}…"
    return f"记下闪光点 {len({pk for _, pk in words})} 条，最近一条：“{quoted}”。"


def _missed(cases, term: Term) -> str:
    rows = Waiver.objects.filter(
        case__in=cases, withdrawn_at=None, at__date__range=(term.starts_on, term.ends_on)
    )
    counts = Counter(rows.values_list("reason", flat=True))
    why = "、".join(REASONS[reason] for reason, _ in counts.most_common(3))
    return f"有 {sum(counts.values())} 件没有做成（{why}）。" if counts else ""


def _decided(cases, term: Term) -> str:
    counts = Counter(
        Decision.objects.filter(case__in=cases, term_key=term.key).values_list("outcome", flat=True)
    )
    said = "，".join(f"{OUTCOMES[word]} {counts[word]} 名" for word in OUTCOMES if counts[word])
    return f"这学期的审定：{said}。" if said else ""


def _months(plan: Plan, helper: Staff, term: Term) -> str:
    first = term.starts_on.replace(day=1)
    sheets = MonthSheet.objects.filter(plan_key=plan.key, helper=helper, month__range=(first, term.ends_on))
    count = sheets.count()
    return f"交了 {count} 个月的记录。" if count else ""
