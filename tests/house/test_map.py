"""The map in README.md is the tree: nine stations, four rooms, every file in one cell or named beside them."""

import re

from tests.house.tree import PACKAGE, ROOT, text_of

STATIONS = ("enrol", "identify", "pair", "schedule", "record", "disburse", "review", "award", "report")
ROOMS = ("engine", "flow", "records/models", "web")


def rows(heading):
    section = text_of(ROOT / "README.md").split(f"<!-- {heading} -->")[1].split("<!--")[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and not set(line) <= set("|-: "):
            yield cells


def named(cell):
    return set(re.findall(r"`(\w+)`", cell))


def files(room):
    return {path.stem for path in (PACKAGE / room).glob("*.py") if path.stem != "__init__"}


def the_map():
    return [row for row in rows("map") if row[0][:1].isdigit()]


def test_the_map_has_nine_stations_in_order():
    stations = [re.findall(r"`(\w+)`", row[0])[0] for row in the_map()]
    assert tuple(stations) == STATIONS


def test_every_cell_names_files_that_exist():
    wrong = [
        (row[0], room, name)
        for row in the_map()
        for room, cell in zip(ROOMS, row[2:], strict=True)
        for name in named(cell)
        if name not in files(room)
    ]
    assert not wrong, wrong


def test_every_file_of_the_four_rooms_is_on_the_map_or_beside_it():
    beside = {row[0].strip("`"): named(row[1]) for row in rows("beside")}
    for number, room in enumerate(ROOMS):
        on_map = {name for row in the_map() for name in named(row[2 + number])}
        assert files(room) - on_map == beside.get(room, set()), room


def test_no_cell_is_left_empty():
    assert all(cell for row in the_map() for cell in row)
