"""The grain of a .docx: blank document, page set-up, fonts by name, fields, and bytes that don't change.

In: sections, paragraphs and text from docx.py and certificate.py. Out: elements of WordprocessingML; `save`
gives the same bytes for the same document. Word, WPS and phones preview it: it is real OOXML.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from bangfu.exchange import paper as p

BODY = "仿宋_GB2312"
TITLE = "方正小标宋简体"
KAI = "楷体_GB2312"
LATIN = "Times New Roman"
TEXT_SIZE = 10.5  # 五号, a little smaller than in spreadsheets: cells have wider margins here
# What stands in where the licensed face is missing, as the font table tells Word and WPS.
_STAND_INS = {BODY: "仿宋", TITLE: "宋体", KAI: "楷体"}
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
# Parts of the blank document nobody needs: a picture and a second set of styles.
_LEFT_OUT = ("/thumbnail", "/stylesWithEffects")


def blank(made_at: datetime) -> Doc:
    """This function will open an empty document that names no author and carries our fonts."""
    document = Document()
    known = document.core_properties
    known.author = known.last_modified_by = known.title = known.comments = known.keywords = ""
    known.created = known.modified = made_at
    known.revision = 1
    normal = document.styles["Normal"]
    normal.font.name = LATIN
    normal.font.size = Pt(TEXT_SIZE)
    fonts = normal.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), BODY)
    _speak_chinese(document)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):  # 3月12日 stays together
        together = OxmlElement(tag)
        together.set(qn("w:val"), "0")
        normal.element.pPr.find(qn("w:spacing")).addprevious(together)
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = _font_table()
    for rels in (document.part.package.rels, document.part.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_LEFT_OUT)]:
            del rels[key]
    return document


def save(document: Doc) -> bytes:
    """This function will pack the document with fixed times, so that equal papers have equal digests."""
    held = io.BytesIO()
    document.save(held)
    packed = io.BytesIO()
    with zipfile.ZipFile(held) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return packed.getvalue()


def set_up(section: Section, landscape: bool) -> None:
    """This function will make a section A4 with the binding margin of registers."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(p.A4[landscape]), Mm(p.A4[not landscape])
    section.left_margin, section.right_margin = Mm(p.LEFT), Mm(p.RIGHT)
    section.top_margin, section.bottom_margin = Mm(p.TOP), Mm(p.BOTTOM)
    section.header_distance = section.footer_distance = Mm(8)


def say(
    paragraph: Paragraph, text: str, face: str = BODY, *, size: float = TEXT_SIZE, bold: bool = False
) -> None:
    """This function will add a run of text in a face by name; line feeds become line breaks."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.bold = bold or None
    run.font.name = LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)


def centred(document: Doc, text: str, face: str, size: float) -> Paragraph:
    """This function will add a centred paragraph."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    say(paragraph, text, face, size=size)
    return paragraph


def number_pages(section: Section, said: str) -> None:
    """This function will put 第 X 页 共 Y 页 and the printing line under every page of the section."""
    section.footer.is_linked_to_previous = False
    paragraph = section.footer.paragraphs[0]
    paragraph.style = "Normal"
    width = section.page_width - section.left_margin - section.right_margin
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    say(paragraph, "第 ", size=9)
    _field(paragraph, "PAGE")
    say(paragraph, " 页 共 ", size=9)
    _field(paragraph, "NUMPAGES")
    say(paragraph, f" 页\t{said}", size=9)


def table(widths: Sequence[float]) -> OxmlElement:
    """This function will make an empty table with these column widths in mm, every line drawn."""
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{edge} w:w="{width}" w:type="dxa"/>'
        for edge, width in (("top", 28), ("left", 57), ("bottom", 28), ("right", 57))
    )
    grid = "".join(f'<w:gridCol w:w="{twips(mm)}"/>' for mm in widths)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{twips(sum(widths))}" w:type="dxa"/>'
        f"<w:tblBorders>{edges}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid></w:tbl>"
    )


def row(mm: float, *, heading: bool = False) -> OxmlElement:
    """This function will make a table row at least so high, never split over pages; headings repeat."""
    again = "<w:tblHeader/>" if heading else ""
    return parse_xml(
        f'<w:tr {nsdecls("w")}><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(mm)}" w:hRule="atLeast"/>'
        f"{again}</w:trPr></w:tr>"
    )


def cell(text: str, mm: float, *, span: int = 1, centre: bool = False, bold: bool = False) -> OxmlElement:
    """This function will make a table cell holding the text; line feeds become line breaks."""
    made = parse_xml(
        f'<w:tc {nsdecls("w")}><w:tcPr><w:tcW w:w="{twips(mm)}" w:type="dxa"/>'
        f'{f"""<w:gridSpan w:val="{span}"/>""" if span > 1 else ""}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr>{"""<w:jc w:val="center"/>""" if centre else ""}</w:pPr></w:p></w:tc>'
    )
    if text:
        run = made.p_lst[0].add_r()
        if bold:
            run.get_or_add_rPr().append(OxmlElement("w:b"))
        run.text = text
    return made


def struck(mm: float, text: str, span: int) -> OxmlElement:
    """This function will make a cell across the table, struck through so that nothing is added later."""
    made = cell(text, mm, span=span)
    stroke = parse_xml(
        f'<w:tcBorders {nsdecls("w")}><w:tr2bl w:val="single" w:sz="4" w:color="000000"/></w:tcBorders>'
    )
    made.tcPr.find(qn("w:vAlign")).addprevious(stroke)
    return made


def twips(mm: float) -> int:
    """This function will turn millimetres into twentieths of a point."""
    return round(mm * 1440 / 25.4)


def _speak_chinese(document: Doc) -> None:
    """Without this the blank document is Japanese, and commas sit in the middle of their square."""
    for element in (document.styles.element, document.settings.element):
        for tag in ("w:lang", "w:themeFontLang"):
            for lang in element.iter(qn(tag)):
                lang.set(qn("w:val"), "en-US")
                lang.set(qn("w:eastAsia"), "zh-CN")


def _field(paragraph: Paragraph, code: str) -> None:
    field = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:rPr><w:sz w:val="18"/></w:rPr>'
        "<w:t>1</w:t></w:r></w:fldSimple>"
    )
    paragraph._p.append(field)


def _font_table() -> bytes:
    named = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in _STAND_INS.items()
    )
    return (
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?><w:fonts {nsdecls('w')}>{named}</w:fonts>"
    ).encode()
