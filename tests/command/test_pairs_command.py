"""`bangfu pairs`: a table looked at and loaded; cells and counts are printed, names of children never."""

import json

import pytest
from click.testing import CliRunner

from bangfu.command import cli
from bangfu.records.models import Pairing
from tests import factories
from tests.cast import DAY

HEAD = "学生姓名,班级,教师姓名\n"


def run(*words):
    return CliRunner().invoke(cli, ["pairs", *map(str, words)])


@pytest.fixture
def file(cast, tmp_path):
    for child in cast.pupils[:3]:
        factories.case(child)
    path = tmp_path / "结对.csv"
    path.write_text(HEAD + "陈小满,三（2）班,李秋月\n罗天佑,三（2）班,孙丽\n", encoding="utf-8")
    return path


def test_check_writes_nothing_and_names_the_cell_but_no_child(file, tmp_path):
    marked = tmp_path / "标黄.xlsx"
    done = run("check", file, "--school", "石坎镇中心小学", "--marked", marked)
    assert done.exit_code == 1 and "新结 1 对" in done.output and "第 3 行 C 列" in done.output
    assert "陈小满" not in done.output and "罗天佑" not in done.output
    assert marked.exists() and not Pairing.objects.exists()


def test_load_puts_the_good_rows_in_force_from_today_and_tells_machines(file):
    done = run("load", file, "--school", "石坎镇中心小学", "--json")
    told = json.loads(done.output[done.output.index("{") :])
    assert told["counts"] == {"rows": 2, "new": 1, "same": 0, "faults": 1}
    assert Pairing.objects.in_force(DAY).count() == 1
    again = run("load", file, "--school", "石坎镇中心小学")
    assert again.exit_code == 1 and "没有可以结的新对" in again.output
    assert Pairing.objects.count() == 1


def test_a_plan_that_is_not_in_use_is_refused_and_the_right_ones_are_named(file):
    done = run("check", file, "--school", "石坎镇中心小学", "--plan", "mentors")
    assert done.exit_code == 1 and "weekly_support" in done.output
