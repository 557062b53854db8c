"""A card a family keeps: A5 upright, 16 points, one telephone number as large as it will go.

In: a Card, as flow/clear_card.py fills it. Out: the bytes of a .docx, equal for equal cards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docx.shared import Mm

from bangfu.exchange import paper as p
from bangfu.exchange import word

A5 = (148.0, 210.0)
MARGIN = 14.0
TEXT, SMALL, LARGE, TITLE = 16, 11, 40, 26


@dataclass(frozen=True, slots=True)
class Card:
    """One card: headings with their lines, who to ring with the number, small print, the printing line."""

    title: str
    school: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    ring: str
    number: str
    foot: str
    stamp: p.Stamp


def write_docx(cards: Sequence[Card]) -> bytes:
    """This function will draw the cards as one document, a page each."""
    if not cards:
        raise ValueError("nothing to print")
    document = word.blank(cards[0].stamp.printed_at.replace(tzinfo=None, microsecond=0))
    for at, card in enumerate(cards):
        section = document.add_section() if at else document.sections[0]
        section.page_width, section.page_height = Mm(A5[0]), Mm(A5[1])
        section.left_margin = section.right_margin = Mm(MARGIN)
        section.top_margin = section.bottom_margin = Mm(MARGIN)
        word.centred(document, p.clean(card.title), word.TITLE, TITLE)
        word.centred(document, p.clean(card.school), word.BODY, SMALL)
        for heading, lines in card.parts:
            word.say(document.add_paragraph(), p.clean(heading), word.TITLE, size=TEXT, bold=True)
            for line in lines:
                word.say(document.add_paragraph(), p.clean(line), size=TEXT)
        word.say(document.add_paragraph(), p.clean(card.ring), word.TITLE, size=TEXT, bold=True)
        word.centred(document, p.clean(card.number) or "______________", word.TITLE, LARGE)
        word.say(document.add_paragraph(), p.clean(card.foot), size=SMALL)
        word.say(document.add_paragraph(), p.clean(card.stamp.sentence()), size=9)
    return word.save(document)
