"""`bangfu intake` says what it read and did, names every faulty cell, and ends with a true exit status."""

import json

import pytest
from click.testing import CliRunner

from bangfu.command import cli
from bangfu.records.models import Intake, Pupil
from tests import factories
from tests.cast import DAY
from tests.exchange import workbooks
from tests.exchange.pupils import table


def run(*words):
    return CliRunner().invoke(cli, ["intake", *map(str, words)], prog_name="bangfu")


@pytest.fixture
def school(db, settings):
    settings.DAY = DAY
    school = factories.school()
    factories.staff(school, "何文", "he", ("roll_officer", None))
    return school


@pytest.fixture
def clean(tmp_path):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(workbooks.xlsx(("花名册", table({}, {}, 民族="汉"))))
    return path


@pytest.fixture
def dirty(tmp_path):
    path = tmp_path / "有问题.xlsx"
    path.write_bytes(
        workbooks.xlsx(
            ("花名册", table({}, {"身份证件号": 5.2e17}, {"联系电话": "1"}, 联系电话="", 血型="A"))
        )
    )
    return path


def test_checking_prints_columns_counts_and_every_fault_with_its_cell(school, dirty):
    said = run("check", dirty, "--json")
    values = json.loads(said.output)
    assert said.exit_code == 1 and values["ok"] is False
    assert {
        "sheet": "花名册",
        "column": "C",
        "heading": "身份证件号",
        "field": "id_number",
        "title": "身份证件号",
    } in values["columns"]
    assert (
        values["unknown_headings"] == ["血型"]
        and values["counts"]["new"] == 2
        and values["counts"]["blocked"] == 1
    )
    assert [(f["sheet"], f["row"], f["column"], f["blocks"]) for f in values["faults"]] == [
        ("花名册", 3, "C", True), ("花名册", 4, "E", False),
    ]  # fmt: skip
    assert not Pupil.objects.exists() and not Intake.objects.exists()


def test_checking_speaks_in_sentences_to_people(school, clean, dirty):
    said = run("check", clean)
    assert said.exit_code == 0 and "新增 2" in said.output and "没有要看一下的" in said.output
    said = run("check", dirty)
    assert said.exit_code == 1 and "第 3 行 C 列 身份证件号" in said.output


def test_a_file_is_read_even_where_no_school_is_set_up_yet(db, clean):
    assert run("check", clean).exit_code == 0


def test_the_marked_workbook_is_stored_where_it_is_asked_for(school, dirty, tmp_path):
    run("check", dirty, "--marked", tmp_path / "标黄.xlsx")
    assert (tmp_path / "标黄.xlsx").read_bytes().startswith(b"PK")


def test_loading_stores_what_is_sound_and_undo_takes_it_back(school, clean, dirty):
    said = run("load", clean)
    assert said.exit_code == 0 and "导入好了：新增 2" in said.output, said.output
    assert Pupil.objects.count() == 2
    said = run("undo")
    assert said.exit_code == 0 and "去掉新增 2 名" in said.output and not Pupil.objects.exists()
    assert run("undo").exit_code == 1
    assert run("load", dirty).exit_code == 1 and Pupil.objects.count() == 2


def test_what_is_no_roll_is_refused_in_one_sentence(school, tmp_path):
    path = tmp_path / "空.xlsx"
    path.write_bytes(b"")
    said = run("load", path)
    assert said.exit_code == 1 and "文件是空的" in said.output and "Traceback" not in said.output
    said = run("check", path, "--json")
    assert said.exit_code == 1 and "文件是空的" in json.loads(said.output)["refusal"]


def test_several_schools_must_be_told_apart(school, clean):
    factories.school("平坝村小学")
    assert "--school" in run("load", clean).output
    assert run("load", clean, "--school", "石坎镇中心小学").exit_code == 0
