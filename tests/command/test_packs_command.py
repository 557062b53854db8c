"""A plan is started, checked and traced from the command line; nothing is ever written over."""

import json

import pytest
from click.testing import CliRunner

from bangfu.command import cli, packs, trace
from tests.engine.test_trace import EXAMPLES, GOOD, PLAN


def run(*words):
    return CliRunner().invoke(cli, ["packs", *map(str, words)], prog_name="bangfu")


def test_a_new_plan_passes_the_check_at_once_and_teaches(tmp_path):
    said = run("new", "moved_here", "--title", "转来的同学", "--to", tmp_path)
    assert said.exit_code == 0 and "packs check" in said.output
    checked = run("check", tmp_path / "moved_here")
    assert checked.exit_code == 0 and "moved_here（seed）《转来的同学》" in checked.output
    text = (tmp_path / "moved_here" / "plan.toml").read_text(encoding="utf-8")
    assert text.count("#") > 10 and (tmp_path / "moved_here" / "examples.toml").exists()


def test_a_shipped_plan_is_copied_in_both_editions_under_a_new_name(tmp_path):
    assert run("new", "our_week", "--from", "weekly_support", "--to", tmp_path).exit_code == 0
    checked = run("check", tmp_path / "our_week")
    assert checked.exit_code == 0, checked.output
    assert "our_week（seed）" in checked.output and "our_week（recommended）" in checked.output
    assert not (tmp_path / "our_week" / "trace.toml").exists()


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mine").mkdir()
    said = run("new", "mine", "--to", tmp_path)
    assert said.exit_code == 1 and "已经有" in said.output
    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.parametrize("key", ["Mine", "我的", "../up", "a-b", "1a", ""])
def test_a_bad_name_writes_nothing(tmp_path, key):
    assert run("new", key, "--to", tmp_path / "in").exit_code == 1
    assert not (tmp_path / "in").exists() and list(tmp_path.iterdir()) == []


def test_a_plan_that_is_not_shipped_cannot_be_copied(tmp_path):
    said = run("new", "mine", "--from", "nobodys", "--to", tmp_path)
    assert said.exit_code == 1 and list(tmp_path.iterdir()) == []


def test_a_title_with_quotes_stays_a_title(tmp_path):
    assert run("new", "quoted", "--title", '说"到"做到', "--to", tmp_path).exit_code == 0
    assert run("check", tmp_path / "quoted").exit_code == 0


def test_the_list_names_every_plan_and_its_editions():
    said = run("list")
    assert said.exit_code == 0 and "weekly_support《待优生帮教计划》：原文版、建议版" in said.output


@pytest.fixture
def shelf_of_walks(tmp_path, monkeypatch):
    """A folder of packs with one plan in it, in place of the shipped ones."""
    common = packs.pack_texts(packs.SHIPPED)[0]
    texts = {
        f"_common/{name.partition('/')[2]}": text
        for name, text in common.items()
        if name.startswith("_common/")
    }
    texts |= {"walks/plan.toml": PLAN, "walks/examples.toml": EXAMPLES, "walks/trace.toml": GOOD}
    for name, text in texts.items():
        path = tmp_path / "packs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(packs, "SHIPPED", tmp_path / "packs")
    return tmp_path / "packs" / "walks"


def results(folder, **ended):
    path = folder / "results.json"
    path.write_text(json.dumps({f"tests/flow/test_x.py::{name}": end for name, end in ended.items()}))
    return path


def test_the_trace_counts_what_stands_and_names_what_waits(shelf_of_walks, tmp_path):
    said = run("trace", "walks", "--results", results(tmp_path, test_y="passed"))
    assert said.exit_code == 0, said.output
    assert "X（walks）：4 行（C 2、S 1、T 1），对上 3，等着的 1，缺 0" in said.output
    assert "等「发放」：X-03 有时给一点钱" in said.output


def test_strict_does_not_wait(shelf_of_walks, tmp_path):
    assert run("trace", "--strict", "--results", results(tmp_path, test_y="passed")).exit_code == 1


def test_a_named_test_that_did_not_run_or_did_not_pass_is_a_gap(shelf_of_walks, tmp_path):
    for ended in (
        {},
        {"test_y": "failed"},
        {"test_y": "skipped"},
        {"test_y[a]": "passed", "test_y[b]": "failed"},
    ):
        said = run("trace", "walks", "--results", results(tmp_path, **ended))
        assert said.exit_code == 1 and "test_y" in said.output, ended
    assert run("trace", "--results", results(tmp_path, **{"test_y[a]": "passed"})).exit_code == 0


def test_the_trace_speaks_json_to_machines(shelf_of_walks, tmp_path):
    said = run("trace", "--json", "--results", results(tmp_path, test_y="passed"))
    values = json.loads(said.output)
    assert values["ok"] is True
    (one,) = values["packs"]
    assert (one["rows"], one["c"], one["s"], one["t"], one["traced"], one["gaps"]) == (4, 2, 1, 1, 3, [])
    assert one["waiting"] == [{"id": "X-03", "station": "disburse", "says": "有时给一点钱"}]


def test_a_plan_without_a_trace_is_a_gap(shelf_of_walks, tmp_path):
    (shelf_of_walks / "trace.toml").unlink()
    said = run("trace")
    assert said.exit_code == 1 and "没有 trace.toml" in said.output


def test_a_test_that_nobody_ran_proves_nothing(shelf_of_walks, tmp_path, monkeypatch):
    monkeypatch.setattr("bangfu.command.trace.RESULTS", tmp_path / "none.json")
    said = run("trace", "walks")
    assert said.exit_code == 1 and "先跑 script/check" in said.output


def test_a_plan_nobody_has_is_not_understood(shelf_of_walks):
    assert run("trace", "runs").exit_code == 2


def test_a_named_test_must_at_least_exist():
    here = "tests/command/test_packs_command.py::test_a_named_test_must_at_least_exist"
    named = frozenset({here, f"{here}_not", "tests/nowhere.py::test_a", f"{here}[case]"})
    assert trace.test_functions(named) == {here: "here", f"{here}[case]": "here"}


def test_a_partial_run_takes_the_rest_on_trust(tmp_path):
    here = "tests/command/test_packs_command.py::test_a_named_test_must_at_least_exist"
    path = tmp_path / "results.json"
    path.write_text("{}")
    assert packs.ended(path)(frozenset({here})) == {}
    assert packs.ended(path, some=True)(frozenset({here})) == {here: "here"}
    path.write_text(json.dumps({here: "failed"}))
    assert packs.ended(path, some=True)(frozenset({here})) == {here: "failed"}


def test_the_sample_is_no_plan_of_its_own():
    assert not any("_template" in name for name in packs.pack_texts(packs.SHIPPED)[0])
