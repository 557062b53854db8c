"""The coverage statement as a workbook: sums by class, village and plan, and whom nobody has settled yet.

Figures add up in every row. Children are named with the next step only; what is sensitive stays on the page.
"""

from uuid import UUID

from bangfu.engine.coverage import Kind, Todo
from bangfu.exchange import paper, xlsx
from bangfu.flow import adopt, clock, coverage
from bangfu.flow.coverage import Child, Statement, Sum
from bangfu.flow.report import WRITERS, Download
from bangfu.records import audit

NO_CLASS, NO_VILLAGE, WHOLE = "班级还没写", "村还没写", "合计"
COUNTS = tuple(
    paper.Column(title, 22, "int")
    for title in ("名册", "有人在帮", "看过，不用帮", "等着问清", "写明了原因", "还没有着落")
)
CHILDREN = (
    paper.Column("班级", 26), paper.Column("姓名", 26), paper.Column("村", 32), paper.Column("接下来", 70),
)  # fmt: skip
NEXT = {
    Todo.take_in: "方案里还没有定",
    Todo.hand_in: "看过了，摸底还没有交",
    Todo.choose: "方案里还没有定",
    Todo.say_why: "看过了，还没有写下怎么定",
    Todo.look: "还没有人看过",
    Todo.find_class: "在名册上，班级还没写",
    Todo.find_plan: "现在没有方案看这些孩子",
}


def export(viewer, class_id: UUID | None = None) -> Download:
    """This function will print the statement of what the viewer answers for, or of one class, and note who took it."""
    now, found = clock.now(), coverage.for_viewer(viewer, class_id)
    tables = [
        ("按班", "班级", [(one.label or NO_CLASS, one) for one in found.classes] + [(WHOLE, found.whole)]),
        ("按村", "村", [(one.label or NO_VILLAGE, one) for one in found.villages] + [(WHOLE, found.whole)]),
        ("按方案", "方案", [(one.label, one) for one in found.by_plan]),
    ]
    parts = [
        (tab, (paper.Column(heading, 44), *COUNTS), [_sums(label, one) for label, one in rows])
        for tab, heading, rows in tables
    ]
    opened = [_line(child, NEXT[child.place.todo]) for child in found.differences if child.place.todo]
    waiting = [_line(child, _asks(child)) for child in found.of(Kind.waiting)]
    parts.append(("逐个孩子", CHILDREN, opened + waiting))
    content = xlsx.write([_paper(viewer, found, paper.Stamp(now, viewer.staff.name), part) for part in parts])
    audit.log(
        "report.export", by=viewer.staff, at=now,
        changes={"list": "coverage", "on": str(found.day), "rows": found.whole.roll},
    )  # fmt: skip
    return Download(f"不漏一人_{found.day}.xlsx", WRITERS["xlsx"][1], content)


def _sums(label: str, one: Sum) -> tuple[paper.Cell, ...]:
    return (label, one.roll, one.helped, one.screened, one.waiting, one.excluded, one.open)


def _paper(viewer, found: Statement, stamp: paper.Stamp, part: tuple) -> paper.Paper:
    tab, columns, rows = part
    title = f"不漏一人（{found.day.year}年{found.day.month}月{found.day.day}日）"
    term = (found.term.title,) if found.term else ()
    return paper.Paper(
        title=title, tab=tab, school=viewer.school.name, columns=columns, rows=tuple(rows), stamp=stamp, head=term, foot=()
    )  # fmt: skip


def _line(child: Child, what: str) -> tuple[paper.Cell, ...]:
    return (child.label or NO_CLASS, child.name, child.village or NO_VILLAGE, what)


def _asks(child: Child) -> str:
    """Only plain facts are named on paper; sensitive ones are counted."""
    specs = adopt.shelf().commons.facts
    plain = [specs[key].title for key in child.place.facts if specs[key].privacy == "plain"]
    others = len(child.place.facts) - len(plain)
    return "等着问清：" + "、".join(plain + ([f"{others} 件，见网页"] if others else []))
