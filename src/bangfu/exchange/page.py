"""An HTML page saved as .xls (many school systems export that) → rows of text, merged cells kept in place."""

import re
from html.parser import HTMLParser

_TABLE = re.compile(r"<\s*(html|table|!doctype\s+html|meta|head)\b", re.IGNORECASE)
_SPAN_LIMIT = 2000
_CELL_LIMIT = 8_000_000


def looks_like(text: str) -> bool:
    """Say whether this text is a page with a table, not comma separated values."""
    head = text[:4000].lstrip()
    return head.startswith("<") and _TABLE.search(head) is not None and "<t" in text.lower()


def tables(text: str) -> list[list[list[str]]]:
    """Return every non-empty table as rows of text; a merged cell's text stands in its first place."""
    reader = _Tables()
    reader.feed(text)
    reader.close()
    return [table for table in reader.found if any(any(row) for row in table)]


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self.spans: tuple[int, int] = (1, 1)
        self.open_below: dict[int, int] = {}  # column → rows that a merged cell still covers
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table" or tag == "tr" and not self.found:
            self.found.append([])
            self.open_below = {}
        if tag == "tr":
            self._close_cell()
            self.found[-1].append([])
            self._skip_covered()
        elif tag in ("td", "th") and self.found and self.found[-1]:
            self._close_cell()
            given = dict(attrs)
            self.spans = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def _close_cell(self) -> None:
        if self.cell is None:
            return
        row, (down, across) = self.found[-1][-1], self.spans
        self.cells += across
        if self.cells < _CELL_LIMIT:
            for column in range(len(row), len(row) + across):
                if down > 1:
                    self.open_below[column] = down - 1
            row += ["".join(self.cell).strip()] + [""] * (across - 1)
        self.cell = None
        self._skip_covered()

    def _skip_covered(self) -> None:
        row = self.found[-1][-1]
        while self.open_below.get(len(row), 0) > 0:
            self.open_below[len(row)] -= 1
            row.append("")


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _SPAN_LIMIT) if text and text.isdecimal() else 1
