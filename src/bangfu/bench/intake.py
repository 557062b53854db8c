"""Importing a roll of 5,000 children × 30 columns, read to stored with cell-precise errors.

Beside it, in the same run and database: openpyxl + full_clean + save of the same rows into the same tables.
"""

import io
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bangfu.bench import Goal, Run, job

ROWS, FAULTY_EVERY = 5_000, 250
DAY = date(2026, 9, 10)
PEER = "openpyxl + full_clean + save"
COLUMNS = (
    "姓名", "性别", "出生日期", "民族", "身份证件类型", "身份证件号",
    "全国学籍号", "年级", "班级", "班内学号", "入学年月", "就读方式",
    "现住址", "联系电话", "健康状况", "户口性质", "是否独生子女", "是否受过学前教育",
    "是否留守儿童", "是否残疾人", "是否需要申请资助", "是否享受一补", "是否孤儿", "是否随迁子女",
    "成员1姓名", "成员1关系", "成员1联系电话", "成员2姓名", "成员2关系", "成员2联系电话",
)  # fmt: skip
COMPARED = (
    Goal("G-import-ratio", "5,000 × 30 的学籍表从读到存", "秒", 0.1, against=PEER),
    Goal("G-import-must", "同上，最低要求", "秒", 0.2, against=PEER),
)
GOALS = (
    *COMPARED,
    Goal("G-import-seconds", "同上，CPU 用时", "秒", 0.6),
    Goal("G-import-read", "其中：读表、认列、逐格检查", "秒", 0.6),
)


def rows(count: int = ROWS) -> list[list[str]]:
    """This function will give so many invented pupils as the national roll exports them; every 250th has a bad number."""
    from bangfu.engine.identity import check_digit

    made = []
    for n in range(count):
        grade, place = n % 6 + 1, n // 6
        born = f"{2020 - grade}{n % 12 + 1:02d}{n % 28 + 1:02d}"
        first = f"5223{n % 90 + 10}{born}{n % 1000:03d}"
        number = first + check_digit(first)
        if n % FAULTY_EVERY == 17:
            number = number[:-2] + number[:1] + number[-1]
        name = (
            "赵钱孙李周吴郑王冯陈"[n % 10] + "子雨浩欣明佳思宇晨"[place % 9] + "涵轩怡彤睿航妍萱"[n // 90 % 8]
        )
        sex, group = "男" if int(first[16]) % 2 else "女", "01-汉族" if n % 3 else "06-苗族"
        pupil = [name, sex, born, group, "1-居民身份证", number, "G" + number]
        place_in_school = [f"{'一二三四五六'[grade - 1]}年级", f"{place // 50 + 1}班", str(place % 50 + 1)]
        life = [
            f"{2027 - grade}09",
            "2-住校" if n % 2 else "1-走读",
            f"石坎镇{n % 40}村{n % 9}组{n}号",
            f"138{n:08d}",
        ]
        answers = [
            "10-健康或良好",
            "1-农业户口",
            "0-否",
            "1-是",
            f"{n % 3}",
            "否",
            "否",
            "是" if n % 2 else "否",
            "否",
            "否",
        ]
        family = [name[0] + "大", "51-父亲", f"139{n:08d}", "王" + name[1:], "52-母亲", f"137{n:08d}"]
        made.append(pupil + place_in_school + life + answers + family)
    return made


def workbook(count: int = ROWS) -> bytes:
    """This function will give those pupils as an .xlsx."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("花名册")
    for r, row in enumerate([list(COLUMNS), *rows(count)]):
        for c, text in enumerate(row):
            sheet.write_string(r, c, text)
    book.close()
    return out.getvalue()


@contextmanager
def empty_database():
    """This function will lend a database of its own, with every table and no rows; the school's own is not touched."""
    from django.db import connection

    with tempfile.TemporaryDirectory(prefix="bangfu-bench-") as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict.setdefault("TEST", {})["NAME"] = str(Path(folder) / "bench.sqlite3")
        own = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(own, verbosity=0)


def keeper():
    """This function will found a school and give the viewer who keeps its roll."""
    from bangfu.records.access import viewer_of
    from bangfu.records.models import RoleGrant, School, Staff

    school = School.objects.create(name="量一量小学")
    staff = Staff.objects.create(school=school, name="何文")
    RoleGrant.objects.create(staff=staff, role="roll_officer", valid_from=date(2025, 9, 1))
    return viewer_of(staff, DAY)


def ours(content: bytes) -> tuple[float, float, float, tuple]:
    """This function will import the file: (wall, CPU, CPU of reading alone, what was stored)."""
    from bangfu.exchange import roll, sheets
    from bangfu.flow import enrol

    by = keeper()
    start = time.process_time()
    roll.read(sheets.read(content, "花名册.xlsx"), school_year=2026)
    reading = time.process_time() - start
    wall, cpu = time.perf_counter(), time.process_time()
    intake, seen = enrol.check(content=content, file_name="花名册.xlsx", by=by)
    enrol.load(intake=intake, by=by, seen=seen)
    return time.perf_counter() - wall, time.process_time() - cpu, reading, stored(by.school)


def peer(content: bytes) -> tuple[float, float, tuple]:
    """This function will do what people write first, in one transaction: (wall, CPU, what was stored)."""
    from django.db import transaction

    from bangfu.bench.intake_peer import load

    by = keeper()
    wall, cpu = time.perf_counter(), time.process_time()
    with transaction.atomic():
        load(content, by, COLUMNS)
    return time.perf_counter() - wall, time.process_time() - cpu, stored(by.school)


def stored(school) -> tuple:
    """This function will say what stands in the tables, so that both ways can be held equal."""
    from bangfu.records.models import Enrolment, Event, FactStatement, Guardian, Pupil

    pupils = Pupil.objects.filter(school=school)
    inside = {"pupil__school": school}
    return (
        sorted(
            pupils.values_list("name", "sex", "birth_on", "ethnicity", "id_number_index", "roll_no_index")
        ),
        Enrolment.objects.filter(**inside).count(),
        sorted(Guardian.objects.filter(**inside).values_list("name", "phone_index")),
        sorted(
            str(sorted(v.items()))
            for v in FactStatement.objects.filter(**inside).values_list("values", flat=True)
        ),
        Event.objects.filter(school=school, verb="enrol.pupil_added").count(),
    )


@job("intake", title="导入学籍表：5,000 名学生、30 列", goals=GOALS)
def measure(run: Run) -> None:
    """This function will compare both ways, and hold our own seconds against what we want to reach."""
    mine = compare(run)
    samples = [one[1] for one in mine]
    run.report("G-import-seconds", min(samples), samples=samples)
    run.report("G-import-read", min(one[2] for one in mine), samples=[one[2] for one in mine])


def compare(run, count: int = ROWS) -> list[tuple]:
    """This function will import the same file both ways, turn by turn, into a database of its own."""
    repeat = 1 if run.quick else 2
    run.progress(f"做一份 {count:,} 行的学籍表", 0, 2 * repeat + 1)
    content = workbook(count)
    mine, theirs = [], []
    with empty_database():
        ours(content)  # once unmeasured: imports and caches
        for turn in range(repeat):
            run.progress("导入，两种办法轮流", 2 * turn + 1, 2 * repeat + 1)
            mine.append(ours(content))
            theirs.append(peer(content))
            if mine[-1][-1] != theirs[-1][-1]:
                raise AssertionError("the two ways stored different rows")
    cpu, other = min(one[1] for one in mine), min(one[1] for one in theirs)
    walls = (
        ("我们的实际用时", min(one[0] for one in mine)),
        ("对照的实际用时", min(one[0] for one in theirs)),
    )
    samples = [one[1] for one in mine]
    run.report("G-import-ratio", cpu, reference=other, samples=samples, beside=walls)
    run.report("G-import-must", cpu, reference=other, samples=samples, beside=walls)
    return mine
