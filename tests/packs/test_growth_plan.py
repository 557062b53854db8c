"""P5-08 and P5-09: one book for what was followed up, with the three places a child grows up in."""

from pathlib import Path

import bangfu
from bangfu.engine.commons import read_commons

ROOT = Path(bangfu.__file__).parent / "packs"
COMMON = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in ROOT.glob("_common/**/*.toml")
}


def test_one_book_holds_home_school_and_the_world_outside():
    book = read_commons(COMMON)[0].registers["growth_log"]
    assert {"home", "society", "school"} <= {column.key for column in book.columns}
    assert not any(word in book.file_name for word in ("困", "待优", "差"))
