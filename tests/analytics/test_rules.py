"""Rules as columns equal the row-wise engine bit for bit: answer, reasons in order, fewest facts to find out."""

import math
import random
from datetime import date, timedelta

import numpy as np
import pytest

from bangfu.analytics import kleene, rules
from bangfu.analytics.columns import literal, quoted
from bangfu.engine import grammar, rule
from bangfu.engine.fact import FactSpec, Stated

WORDS = ("很吃力", "跟得上", "it's", '说"好"', "'; drop table t; --", "", "a\\", "𠮷", "%", "Z", "z", "é")
HUGE = 2**53 + 1
NUMBERS = (0, 1, -1, 59, 60, 61, 2**31, HUGE, -HUGE, 2**63 - 1, -(2**63), 0.5, 60.0, 59.9, 0.1, 1e16)
DAYS = tuple(date(2026, 8, 30) + timedelta(days=n) for n in range(4))
# fact → (declared type, DuckDB type, values)
FACTS = {
    "boards": ("bool", "boolean", (True, False)),
    "gone": ("bool", "boolean", (True, False)),
    "grade": ("int", "tinyint", (-1, 0, 1, 2, 59, 60, 61, 127, -128)),
    "score": ("int", "smallint", (0, 1, 59, 60, 61, 600)),
    "fen": ("int", "bigint", (0, 59, 60, 61, 2**31, HUGE, HUGE - 1, 2**63 - 1, -(2**63))),
    "mean": ("int", "double", (0.0, 59.9, 60.0, 60.1, 0.1, 0.30000000000000004, 2.0**53, 1e300, math.nan)),
    "learning": ("choice", f"enum({', '.join(literal(w) for w in WORDS)})", WORDS),
    "note": ("text", "varchar", (*WORDS, "别的")),
    "born": ("date", "date", DAYS),
}
SPECS = {
    key: FactSpec(key=key, title=f"题{key}", type=kind, choices=WORDS if kind == "choice" else ())
    for key, (kind, _, _) in FACTS.items()
}


def word(text: str) -> str:
    """A word as the grammar quotes it, whatever quotes are inside."""
    return next(f"{a}{text}{b}" for a, b in ("''", '""', "“”") if a not in text and b not in text)


def written(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value) if isinstance(value, int) or "e" not in str(value) else f"{value:.1f}"
    return word(value.isoformat() if isinstance(value, date) else value)


def any_value(draw: random.Random, kind: str):
    return draw.choice(
        {"bool": (True, False), "int": NUMBERS, "choice": WORDS, "text": WORDS, "date": DAYS}[kind]
    )


def clause(draw: random.Random, typed: bool) -> str:
    fact = draw.choice(list(FACTS))
    kind, name = FACTS[fact][0], f"题{fact}" if typed and draw.random() < 0.5 else fact
    if not typed and draw.random() < 0.4:
        kind = draw.choice(("bool", "int", "text", "date"))
    sort = draw.random()
    if sort < 0.25 and (not typed or kind == "bool"):
        return name
    if sort < 0.45:
        several = (written(any_value(draw, kind)) for _ in range(draw.randint(1, 3)))
        return f"{name} in [{', '.join(several)}]"
    ordered = not typed or kind in ("int", "date")
    op = draw.choice(("==", "!=", "<", "<=", ">", ">=") if ordered else ("==", "!="))
    return f"{name} {op} {written(any_value(draw, kind))}"


def formula(draw: random.Random, typed: bool, depth: int) -> str:
    if depth == 0 or draw.random() < 0.2:
        return clause(draw, typed)
    if draw.random() < 0.2:
        return f"not ({formula(draw, typed, depth - 1)})"
    op = draw.choice((" and ", " or "))
    return op.join(f"({formula(draw, typed, depth - 1)})" for _ in range(draw.randint(2, 4)))


def children(draw: random.Random, count: int) -> list[dict]:
    gap = draw.choice((0.08, 0.4))
    return [
        {f: None if draw.random() < gap else draw.choice(values) for f, (_, _, values) in FACTS.items()}
        for _ in range(count)
    ]


def table(rows: list[dict]):
    connection = rules.connect()
    columns = ", ".join(f"{quoted(fact)} {kind}" for fact, (_, kind, _) in FACTS.items())
    connection.execute(f"create table 孩子 ({columns})")
    marks = ", ".join("?" * len(FACTS))
    connection.executemany(f"insert into 孩子 values ({marks})", [list(row.values()) for row in rows])
    return connection


def plain(verdict: rule.Verdict) -> tuple:
    """A verdict so that not-a-number equals itself and 1 is not True."""
    return verdict.answer, tuple((r.text, r.fact, repr(r.value)) for r in verdict.reasons), verdict.unknown


def said(prepared: rules.Prepared, verdicts: rules.Verdicts, key: str, at: int, facts: dict) -> tuple:
    one = verdicts[key]
    answer = {1: True, 0: False, -1: None}[int(one.answer[at])]
    reasons = prepared.reasons(key, one.reasons[at], facts)
    return plain(rule.Verdict(answer, reasons, prepared.unknown(key, one.unknown[at])))


@pytest.mark.parametrize("batch", range(20))
def test_ten_thousand_random_rules_say_the_same_row_by_row_and_as_columns(batch, monkeypatch):
    draw = random.Random(batch)
    typed = batch % 2 == 0
    texts = [formula(draw, typed, draw.randint(0, 3)) for _ in range(500)]
    read = {str(n): rule.read(text, SPECS if typed else None) for n, text in enumerate(texts)}
    assert not [faults for _, faults in read.values() if faults]
    prepared = rules.prepare({key: one for key, (one, _) in read.items()})
    rows = children(draw, 12)
    times = (1, 40, 400)[batch // 2 % 3]
    monkeypatch.setattr(
        kleene, "FEW", (1, 1_024)[batch // 6 % 2]
    )  # tables of combinations for few rules or for most
    connection = table(rows)
    connection.execute("create table many as select 孩子.* from range(?), 孩子", [times])
    connection.execute("drop table 孩子")
    order = connection.execute("select * from many").fetchall()
    many = [dict(zip(FACTS, row, strict=True)) for row in order]
    ways = (
        rules.judge(prepared, connection, "many"),
        rules.judge_lists(prepared, {fact: [row[fact] for row in many] for fact in FACTS}),
    )
    looked = draw.sample(range(len(many)), 6)
    for key, one in prepared.rules.items():
        for at in looked:
            expected = plain(one.judge(many[at]))
            assert [said(prepared, way, key, at, many[at]) for way in ways] == [expected] * 2, one.text


@pytest.mark.parametrize("limit", [1, 2, 9, 65536])
def test_a_wide_rule_says_the_same_however_it_is_cut_into_tables(limit, monkeypatch):
    monkeypatch.setattr(kleene.Bench, "__init__", _limited(kleene.Bench.__init__, limit))
    draw = random.Random(limit)
    text = " or ".join(
        f"f{n}" if n % 3 else f"(f{n} and not (f{n + 1} or g{n} or not f{n % 4}))" for n in range(12)
    )
    read, _ = rule.read(text)
    facts = [{name: draw.choice((True, False, False, None)) for name in read.names} for _ in range(60)]
    prepared = rules.prepare({"wide": read})
    verdicts = rules.judge_lists(prepared, {name: [one[name] for one in facts] for name in read.names})
    for at, one in enumerate(facts):
        assert said(prepared, verdicts, "wide", at, one) == plain(read.judge(one))


def _limited(begin, limit):
    def init(self, coded, ahead):
        begin(self, coded, ahead)
        self.limit = limit

    return init


def test_lists_may_hold_wrong_types_stated_facts_and_one_next_to_true():
    odd = [1, True, 1.0, 0, False, "1", "六十", None, math.nan, 2**70, date(2026, 9, 1), 60]
    odd += [
        Stated(1),
        Stated(True),
        Stated(None),
        Stated("六十", source="问卷"),
        Stated(60, date(2026, 9, 1)),
    ]
    texts = [
        "x",
        "x == 1",
        "x == true",
        "not x < 60",
        "x in [1, 六十]",
        'x >= "六"',
        "x != 60 or y",
        "x and y",
    ]
    prepared = rules.prepare({text: rule.read(text)[0] for text in texts})
    verdicts = rules.judge_lists(prepared, {"x": odd})
    for text in texts:
        for at, value in enumerate(odd):
            expected = plain(prepared.rules[text].judge({"x": value}))
            assert said(prepared, verdicts, text, at, {"x": value}) == expected, (text, value)


@pytest.mark.parametrize("values", [[], [None], [2**63], [2**63, None, -1], [1, None], [0.5, math.nan]])
def test_short_empty_and_overlong_columns_are_judged_too(values):
    prepared = rules.prepare({"r": rule.read("x < 60 or x == 9223372036854775808")[0]})
    verdicts = rules.judge_lists(prepared, {"x": values})
    expected = [prepared.rules["r"].judge({"x": value}).answer for value in values]
    assert [{1: True, 0: False, -1: None}[int(a)] for a in verdicts["r"].answer] == expected


def test_a_mean_of_exactly_sixty_is_not_below_sixty_in_any_column_type():
    prepared = rules.prepare({"r": rule.read("x < 60.0")[0]})
    for kind in ("tinyint", "integer", "bigint", "ubigint", "float", "double"):
        connection = rules.connect()
        connection.execute(f"create table t as select x::{kind} as x from (values (59), (60), (null)) v(x)")
        assert rules.judge(prepared, connection, "t")["r"].answer.tolist() == [1, 0, -1], kind


def test_rows_keep_their_order_and_carry_their_ids():
    connection = rules.connect()
    connection.execute("create table t as select n as id, n % 7 = 0 as 住校 from range(300000) r(n)")
    verdicts = rules.judge(rules.prepare({"r": rule.read("住校")[0]}), connection, "t", keep=("id",))
    assert np.array_equal(verdicts.kept["id"] % 7 == 0, verdicts["r"].answer == 1)
    assert verdicts.counts("r") == (42858, 257142, 0)


def test_rows_keep_their_order_also_where_a_rule_lists_many_words():
    connection = rules.connect()
    connection.execute(
        "create table t as select n as id, (n % 50)::varchar as word, (n % 40)::varchar::enum("
        + ", ".join(f"'{n}'" for n in range(40))
        + ") as choice from range(400000) r(n)"
    )
    listed = ", ".join(f'"{n}"' for n in range(20))
    read = {"r": rule.read(f"word in [{listed}]")[0], "s": rule.read(f"choice in [{listed}]")[0]}
    for _ in range(3):
        verdicts = rules.judge(rules.prepare(read), connection, "t", keep=("id",))
        assert np.array_equal(verdicts.kept["id"], np.arange(400000))
        assert np.array_equal(verdicts["r"].answer == 1, np.arange(400000) % 50 < 20)
        assert np.array_equal(verdicts["s"].answer == 1, np.arange(400000) % 40 < 20)


def test_what_a_rule_quotes_never_becomes_sql():
    text = 'x == "\'; drop table t; --" or x in ["\\\\\') or true --"]'
    connection = rules.connect()
    connection.execute("create table t as select '别的' as x")
    verdicts = rules.judge(rules.prepare({"r": rule.read(text)[0]}), connection, "t")
    assert verdicts["r"].answer.tolist() == [0]
    assert connection.execute("select count(*) from t").fetchone() == (1,)


def test_a_name_with_quotes_or_a_nul_in_a_word_stays_what_it_is():
    root = grammar.Join("or", (grammar.Test('a"b', "==", "x\0y"), grammar.Test('a"b', "==", "'")))
    prepared = rules.prepare({"r": rule.Rule("", root, ('a"b',), {})})
    connection = rules.connect()
    connection.execute('create table "t ""1" ("a""b" varchar)')
    connection.executemany('insert into "t ""1" values (?)', [["x\0y"], ["x"], ["'"]])
    assert rules.judge(prepared, connection, 't "1')["r"].answer.tolist() == [1, 0, 1]


def test_a_column_that_is_not_there_or_not_a_fact_is_named():
    connection = rules.connect()
    connection.execute("create table t as select 1.5::decimal(3, 1) as x")
    with pytest.raises(ValueError, match="no column y"):
        rules.judge(rules.prepare({"r": rule.read("y")[0]}), connection, "t")
    with pytest.raises(ValueError, match="x is DECIMAL"):
        rules.judge(rules.prepare({"r": rule.read("x")[0]}), connection, "t")


def test_a_rule_of_more_clauses_than_a_mask_has_bits_is_refused():
    with pytest.raises(ValueError, match="65"):
        rules.prepare({"r": rule.read(" or ".join(f"f{n}" for n in range(65)))[0]})


def test_duckdb_reads_no_file_fetches_nothing_and_stays_so():
    import duckdb

    connection = rules.connect()
    for attempt in ("select * from '/etc/hosts'", "install sqlite", "set enable_external_access = true"):
        with pytest.raises(duckdb.Error):
            connection.execute(attempt)


def test_what_to_find_out_is_counted_with_the_most_useful_first():
    prepared = rules.prepare({"r": rule.read("a and b")[0]})
    verdicts = rules.judge_lists(prepared, {"a": [None, True, None, False], "b": [True, None, None, None]})
    assert verdicts.find_out("r") == {"a": 2, "b": 1}
    assert verdicts.find_out("r", np.array([False, True, False, False])) == {"b": 1}
