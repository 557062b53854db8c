"""Any table is linked by a declared comparison, without answers; weights are written and read back the same."""

import numpy as np

from bangfu.analytics.link_fields import Spec, match
from bangfu.analytics.link_train import written
from bangfu.analytics.link_weights import read
from bangfu.analytics.rules import connect

FIELDS = {
    "given": ["same", "crossed family", "jaro 0.85"],
    "family": ["same", "jaro 0.85"],
    "born": ["same", "slip"],
}
SPEC = Spec(
    "key", FIELDS | {"code": ["same", "slip", "slips"]}, [["born"], ["given", "family"], ["code"], ["family"]]
)
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))


def records(count):
    draw = np.random.default_rng(5)

    def words(length):
        return ["".join(draw.choice(LETTERS, length)) for _ in range(count)]

    born = [f"{1990 + n % 30}{1 + n % 12:02}{1 + n % 28:02}" for n in draw.integers(0, 9999, count)]
    code = [f"{n:07}" for n in draw.integers(0, 9_999_999, count)]
    return {
        "key": [f"a{n}" for n in range(count)],
        "given": words(6),
        "family": words(7),
        "born": born,
        "code": code,
    }


def spoilt(table):
    other = {name: list(column) for name, column in table.items()}
    other["key"] = [key.replace("a", "b") for key in table["key"]]
    for n in range(len(other["key"])):
        if n % 4 == 0:
            other["given"][n] = other["given"][n][:-1]
        if n % 5 == 0:
            other["given"][n], other["family"][n] = other["family"][n], other["given"][n]
        if n % 7 == 0:
            other["code"][n] = ""
        if n % 9 == 0:
            other["born"][n] = other["born"][n][:-1] + "0"
    return other


def put(connection, name, table):
    connection.register("arriving", {column: np.array(values, object) for column, values in table.items()})
    connection.execute(f"create table {name} as select * from arriving")
    connection.unregister("arriving")


def test_two_tables_are_linked_one_to_one():
    connection, table = connect(), records(300)
    put(connection, "ones", table)
    put(connection, "others", spoilt(table))
    found = match(connection, SPEC, "ones", "others")
    assert all(one[1:] == other[1:] for one, other, _ in found) and len(found) >= 280
    assert all(0.5 <= chance <= 1 for *_, chance in found)


def test_one_table_is_cleared_of_doubles():
    connection, table = connect(), records(200)
    other = spoilt(table)
    put(connection, "all_of_them", {name: column + other[name][:50] for name, column in table.items()})
    found = match(connection, SPEC, "all_of_them")
    assert all({one, other} == {f"a{one[1:]}", f"b{one[1:]}"} for one, other, _ in found) and len(found) >= 45


def test_weights_are_read_back_as_they_were_written(tmp_path):
    path = tmp_path / "roll.toml"
    path.write_text(written(read()), encoding="utf-8")
    assert read(path) == read()
