"""A thousand damaged workbooks are read or refused in a sentence, as a roll and as a list; nothing ever crashes.

Here they are only read (part of script/check); tests/flow/test_mutated_workbooks.py loads the same thousand.
"""

from bangfu.engine.fault import Fault
from bangfu.exchange import list_rows, roll, sheets
from tests.exchange.lists import wish
from tests.exchange.mutants import MANY, mutants


def test_a_thousand_mutated_workbooks_are_read_or_refused_and_never_crash():
    ends = {"refused": 0, "read": 0, "rows": 0}
    asked = [wish(key) for key in ("dibao", "exited_poor", "left_behind", "other")]
    for turn, (_, content) in enumerate(mutants()):
        book = sheets.read(content, "名单.xlsx")
        if isinstance(book, Fault):
            assert book.what and book.hint
            ends["refused"] += 1
            continue
        for result in (roll.read(book, school_year=2026), list_rows.read(book, asked[turn % len(asked)])):
            assert all(fault.what and fault.row for fault in result.faults)
            assert result.refusal is None or (result.refusal.what and result.refusal.hint)
            assert "\0" not in str(result.rows)
            ends["read"] += 1
            ends["rows"] += len(result.rows)
    assert ends["refused"] > MANY / 10 and ends["read"] > MANY / 2 and ends["rows"] > MANY, ends
