"""A thousand damaged workbooks from one seed: bytes flipped, cells swapped, rows cut, headers renamed, types changed,
huge cells, control characters, wrong encodings, truncated archives. Each is (what it pretends to be, its bytes)."""

import random
from datetime import datetime

from tests.exchange import workbooks
from tests.exchange.lists import household
from tests.exchange.pupils import number, table

SEED = 20261122
MANY = 1000
JUNK = (
    None, "", "无", "=1+1", -1, 1e300, 5.2e17, "x" * 20_000, "表" * 32_000, True, datetime(1900, 1, 1), "\U0001f600",
    "合计", "²", "五", "_x0000_", "陈_x0001_", "١٢", 0, "姓名", "身份证号", "2-双亲留守儿童", "13800000000", "脱贫户",
    "<script>", "'; --", "户主",
)  # fmt: skip
PEOPLE = (
    ("陈大", "户主", "19850101"), ("陈小满", "之子", "20180315"), ("罗天佑", "之子", "20171102"),
    ("谁家人", "之女", "20150101"),
)  # fmt: skip
ENCODINGS = ("utf-8", "gb18030", "utf-16", "utf-16-le", "utf-8-sig", "big5", "utf-32")


def sound_list():
    home = {"户编号": "522301001", "户主姓名": "陈大", "村": "石坎村", "联系电话": "13900000001"}
    return household(
        *(
            home | {"姓名": name, "与户主关系": relation, "身份证号码": number(n, born)}
            for n, (name, relation, born) in enumerate(PEOPLE)
        )
    )


def sound_roll():
    return table(
        {},
        {},
        {},
        {},
        出生日期="20180315",
        年级="三年级",
        是否孤儿="否",
        联系电话="13800000000",
        成员1姓名="陈大",
    )


def _cells(rows, chance):
    rows = [list(row) for row in rows]
    for _ in range(chance.randint(1, 8)):
        way, row = chance.randrange(6), chance.choice(rows)
        if way == 0 and row:
            row[chance.randrange(len(row))] = chance.choice(JUNK)
        elif way == 1 and len(rows) > 1:
            other = chance.choice(rows)
            if row and other:
                one, two = chance.randrange(len(row)), chance.randrange(len(other))
                row[one], other[two] = other[two], row[one]
        elif way == 2:
            del row[chance.randrange(len(row) + 1) :]
        elif way == 3:
            rows.insert(
                chance.randrange(len(rows) + 1), [chance.choice(JUNK) for _ in range(chance.randrange(12))]
            )
        elif way == 4 and len(rows) > 2:
            rows.remove(row)
        else:
            chance.shuffle(row)
    return rows


def _made(rows, chance):
    """Return the rows as a file; what a writer refuses is written as text."""
    way = chance.randrange(6)
    try:
        if way < 3:
            return workbooks.xlsx(("名单", [[_short(cell) for cell in row] for row in rows]))
        if way == 3:
            return workbooks.html(rows)
    except (ValueError, TypeError, OverflowError):
        pass
    text = workbooks.text_csv(rows).decode()
    if chance.random() < 0.5:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice("\x00\x01\x08\x0b\x1b\x7f\ufffe\u202e\ue000") + text[at:]
    return text.encode(chance.choice(ENCODINGS), errors="replace")


def _short(cell):
    return cell[:32_000] if isinstance(cell, str) else cell


def _bytes(content, chance):
    content = bytearray(content)
    for _ in range(chance.randint(1, 25)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.4:
        del content[chance.randrange(len(content)) :]
    if chance.random() < 0.2:
        at = chance.randrange(len(content) + 1)
        content[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
    return bytes(content)


def mutants(many=MANY, seed=SEED):
    """Yield (roll or list, bytes), half of them with broken cells, the rest with broken bytes, some with both."""
    chance = random.Random(seed)
    sound = {"roll": sound_roll(), "list": sound_list()}
    for turn in range(many):
        kind = "roll" if turn % 2 else "list"
        broken_cells, broken_bytes = chance.random() < 0.7, chance.random() < 0.4
        rows = _cells(sound[kind], chance) if broken_cells or not broken_bytes else sound[kind]
        content = _made(rows, chance)
        yield kind, _bytes(content, chance) if broken_bytes else content
