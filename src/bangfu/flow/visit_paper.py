"""The home-visit record (F13) as a form: before a visit with the two who go and room to write, after it as recorded.

Who may read a child's records may print it; no photo, no place by satellite, no signature that must be had. Every
printing is an event.
"""

import hashlib
from uuid import UUID

from bangfu.exchange import form_sheet
from bangfu.exchange.form_sheet import Form, Line, pairs, wide
from bangfu.exchange.paper import Stamp, gap, long_date
from bangfu.flow import adopt, clock, company
from bangfu.flow.register import SEX, classes_of
from bangfu.flow.report import WRITERS, Download, NothingToPrint
from bangfu.records import audit
from bangfu.records.models import Evidence, Pupil

FORMS = {"xlsx": form_sheet.write_xlsx, "docx": form_sheet.write_docx}
TITLE = "家访记录表"
ROOM = 24.0
LINES = (
    ("去之前想好：为什么去", ""),
    ("家里的情况", ""),
    ("告诉家里：在校的进步", ""),
    ("听家里说：在家的表现", ""),
    ("家长的愿望和难处", ""),
    ("说好的下一步", ""),
)
FOOT = "先说孩子的进步，再说要一起做的事。照片、定位都不需要；家里不方便，可以约在学校或打电话。"


def blank(*, pupil: Pupil, form: str, by) -> Download:
    """This function will print the sheet to take along: the child, the visitor and, for a girl, who could come too."""
    mates = company.mates([pupil.pk], by) if company.is_for([pupil], by) else []
    second = f"、{mates[0].name}" if mates else "、____________" if company.is_for([pupil], by) else ""
    lines = (
        *_head(pupil, "", f"{by.staff.name}{second}", by),
        *(wide(title, text, ROOM) for title, text in LINES),
        wide("家长签名（可以不签）", ""),
    )
    return _made(pupil, lines, form, by)


def filled(*, evidence: Evidence, pupil: Pupil, form: str, by) -> Download:
    """This function will print a recorded visit to this child's home; raises NothingToPrint for any other record."""
    if company.at_home().isdisjoint(evidence.activities):
        raise NothingToPrint("这条记录不是家访，没有家访记录表可打。")
    name, why = company.told(evidence.pk)
    visitors = f"{evidence.author.name}、{name}" if name else evidence.author.name
    lines = (
        *_head(pupil, long_date(evidence.happened_on), visitors, by),
        *([wide("一位老师去的原因", why)] if why else []),
        *(wide(title, text, ROOM) for title, text in _said(evidence)),
    )
    return _made(pupil, lines, form, by)


def _head(pupil: Pupil, on: str, visitors: str, by) -> tuple[Line, ...]:
    label = classes_of([pupil.pk], by.day).get(pupil.pk, ("",))[0]
    return (
        pairs(("学生", pupil.name), ("性别", SEX.get(pupil.sex, "")), ("班级", label)),
        pairs(("日期", on or gap("日期")), ("家访的老师", visitors)),
    )


def _said(evidence: Evidence) -> list[tuple[str, str]]:
    forms = adopt.shelf().commons.forms
    answers, told = evidence.answers, []
    for key in evidence.activities:
        if key not in company.at_home() or key not in forms:
            continue
        inside = answers.get(key) if isinstance(answers.get(key), dict) else answers
        for group in forms[key].groups:
            given = inside.get(group.key) or []
            picked = [one for one in ([given] if isinstance(given, str) else given) if one in group.options]
            told += [(group.title, "、".join(picked))] if picked else []
    told.append(("看到的、听到的", evidence.note))
    told += [("闪光点", evidence.bright_spot)] if evidence.bright_spot else []
    told += [("说好的下一步", answers["next"])] if isinstance(answers.get("next"), str) else []
    return list(dict(told).items())


def _made(pupil: Pupil, lines, form: str, by) -> Download:
    if form not in FORMS:
        raise NothingToPrint("只能打印成 Excel 或 Word。")
    now = clock.now()
    code = hashlib.sha256(f"F13|{by.staff.pk}|{now.isoformat()}".encode()).hexdigest()[:8].upper()
    stamp = Stamp(now, by.staff.name, f"{code[:4]}-{code[4:]}")
    made = Form(TITLE, "家访", by.school.name, tuple(lines), FOOT, stamp)
    audit.log("visit.print", by=by.staff, at=now, subject=pupil, changes={"paper": "F13", "form": form})
    return Download(f"家访记录.{form}", WRITERS[form][1], FORMS[form]([made]))


def visit(evidence_id: UUID, by) -> tuple[Evidence, Pupil] | None:
    """This function will find a record `by` may read with the first of its children that `by` cares for."""
    found = Evidence.objects.visible_to(by).select_related("author").filter(pk=evidence_id).first()
    about = Pupil.objects.cared_for_by(by).filter(evidence__evidence=evidence_id).order_by("sort_key").first()
    return (found, about) if found and about else None
