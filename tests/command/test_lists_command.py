"""`bangfu lists` says what a list would change, names cells and no child, and ends with a true exit status."""

import json

import pytest
from click.testing import CliRunner

from bangfu.command import cli
from bangfu.records.models import FactStatement, Intake
from tests.exchange import workbooks
from tests.exchange.lists import plain
from tests.flow.test_lists import NAMES, office, row  # noqa: F401


def run(*words):
    return CliRunner().invoke(cli, ["lists", *map(str, words)], prog_name="bangfu")


@pytest.fixture
def dibao(office, tmp_path):  # noqa: F811
    path = tmp_path / "名单.xlsx"
    path.write_bytes(workbooks.xlsx(("名单", plain(row(0), row(1, 身份证号码="12", 姓名="欧阳远")))))
    return path


def test_kinds_are_listed_with_who_issues_them():
    said = run("kinds")
    assert said.exit_code == 0 and "dibao\t最低生活保障家庭名单（民政部门）" in said.output


def test_checking_counts_and_names_cells_but_no_child(dibao):
    said = run("check", dibao, "--list", "dibao")
    assert said.exit_code == 1 and "对上 1 名学生" in said.output and "第 3 行 B 列" in said.output
    assert NAMES[0] not in said.output and not Intake.objects.filter(kind="list").exists()
    values = json.loads(run("check", dibao, "--list", "dibao", "--json").output)
    assert values["counts"]["new"] == 1 and values["columns"] == {"姓名": "name", "身份证号码": "id_number"}


def test_loading_and_taking_back(dibao):
    said = run("load", dibao, "--list", "dibao", "--on", "2026-10-01")
    assert said.exit_code == 0 and "导入好了" in said.output, said.output
    assert str(FactStatement.objects.get(source="list:dibao").stated_on) == "2026-10-01"
    assert "1 名学生回到导入以前" in run("undo").output
    assert run("undo").exit_code == 1


def test_an_unknown_kind_is_refused_in_a_sentence(dibao):
    said = run("check", dibao, "--list", "nothing", "--json")
    assert said.exit_code == 1 and json.loads(said.output)["refusal"]


def test_the_marked_workbook_is_stored_where_it_is_asked_for(dibao, tmp_path):
    run("check", dibao, "--list", "dibao", "--marked", tmp_path / "标黄.xlsx")
    assert (tmp_path / "标黄.xlsx").exists()
