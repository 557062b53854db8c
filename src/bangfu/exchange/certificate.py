"""A certificate of praise: whose, because of what, from whom, on which day.

In: a Certificate, as flow/award.py grants it (P9-27, F22). Out: one A4 page as .docx. It says 「因为……」 and
what became better; it holds no number, place or label, and `faults` says so before anything is printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from docx.document import Document as Doc
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section
from docx.shared import Mm, Pt

from bangfu.engine.fault import Fault
from bangfu.exchange import paper as p
from bangfu.exchange import word

MOST = 120
_COUNT = "[零一二三四五六七八九十百]"
_NUMBER = re.compile(rf"\d|{_COUNT}{{2,}}分(?!享|担|工|别|钟)|满分")
_PLACE = re.compile(rf"名次|排名|前茅|分数|倒数|[前第]{_COUNT}+名|第{_COUNT}++(?![次个回天遍课位])")
_LABEL = re.compile(r"待优生|学困生|差生|后进生|贫困|问题学生|留守|单亲|孤儿|残疾")


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who is praised and why, in words a child may hang on the wall."""

    school: str
    class_label: str
    name: str
    reason: str
    praise: str
    granted_on: date
    made_at: datetime


def faults(certificate: Certificate, where: str = "奖状") -> list[Fault]:
    """This function will find what must not stand on a certificate: numbers, places, labels, emptiness."""
    reason = p.clean(certificate.reason)
    found = []
    if not reason:
        found.append(Fault(where, "还没有写“因为什么”。", "写一句他做到了什么，例如：坚持每天把作业写完。"))
    if len(reason) > MOST:
        found.append(
            Fault(
                where,
                f"“因为……”有 {len(reason)} 字，一张奖状放不下。",
                f"留下最要紧的一句，不超过 {MOST} 字。",
            )
        )
    for pattern, what in ((_NUMBER, "分数或数字"), (_PLACE, "名次"), (_LABEL, "对孩子的分类")):
        if hit := pattern.search(reason):
            found.append(Fault(where, f"奖状上不写{what}：“{hit[0]}”。", "写他自己的进步，不和别人比。"))
    return found


def write(certificates: Sequence[Certificate]) -> bytes:
    """This function will draw the certificates, a page each; it refuses (ValueError) one that has faults."""
    if not certificates:
        raise ValueError("nothing to print")
    document = word.blank(certificates[0].made_at.replace(tzinfo=None, microsecond=0))
    for number, certificate in enumerate(certificates):
        if found := faults(certificate):
            raise ValueError(found[0].what)
        section = document.add_section(WD_SECTION.NEW_PAGE) if number else document.sections[0]
        _frame(section)
        _draw(document, certificate)
    return word.save(document)


def _frame(section: Section) -> None:
    """A4 landscape, one double line around the page; black on white."""
    word.set_up(section, landscape=True)
    section.left_margin = section.right_margin = Mm(40)
    section.top_margin, section.bottom_margin = Mm(38), Mm(30)
    for old in section._sectPr.findall(word.qn("w:pgBorders")):
        section._sectPr.remove(old)
    edges = "".join(
        f'<w:{edge} w:val="thinThickSmallGap" w:sz="24" w:space="24" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right")
    )
    borders = parse_xml(f'<w:pgBorders {nsdecls("w")} w:offsetFrom="page">{edges}</w:pgBorders>')
    section._sectPr.find(word.qn("w:pgMar")).addnext(borders)


def _draw(document: Doc, certificate: Certificate) -> None:
    word.centred(document, "奖　状", word.TITLE, 54).paragraph_format.space_after = Pt(24)
    to = document.add_paragraph()
    word.say(to, f"{p.clean(certificate.class_label)}　", word.KAI, size=22)
    word.say(to, p.clean(certificate.name), word.KAI, size=28, bold=True)
    word.say(to, " 同学：", word.KAI, size=22)
    to.paragraph_format.space_after = Pt(12)
    why = document.add_paragraph()
    why.paragraph_format.first_line_indent = Pt(44)
    why.paragraph_format.line_spacing = 1.5
    reason = p.clean(certificate.reason).removeprefix("因为").rstrip("。，,. ")
    word.say(why, f"因为{reason}，{p.clean(certificate.praise)}", word.KAI, size=22)
    for text in (p.clean(certificate.school), p.long_date(certificate.granted_on)):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        word.say(line, text, word.KAI, size=20)
        if text == p.clean(certificate.school):
            line.paragraph_format.space_before = Pt(30)
