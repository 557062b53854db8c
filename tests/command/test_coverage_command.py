"""`bangfu coverage`: ends with 1 while a child has no answer; figures and ids, never a name."""

import json

from click.testing import CliRunner

from bangfu.command import cli
from bangfu.flow import exclude


def run(*words):
    return CliRunner().invoke(cli, ["coverage", *words], prog_name="bangfu")


def test_a_roll_that_does_not_add_up_ends_with_one_and_lists_ids_and_classes_without_names(cast):
    said = run("--check", "--class", "--village")
    assert said.exit_code == 1
    assert "三（2）班：名册 6 ＝ 有人在帮 0" in said.output and "村还没写" in said.output
    assert str(cast.pupils[0].pk) in said.output
    assert not any(pupil.name in said.output for pupil in [*cast.pupils, *cast.others, cast.stranger])


def test_without_check_it_only_tells(cast):
    assert run().exit_code == 0


def test_as_json_the_parts_add_up_and_name_nobody(cast):
    said = run("--check", "--json")
    told = json.loads(said.stdout)
    assert said.exit_code == 1 and len(told["schools"]) == 2
    for school in told["schools"]:
        for part in (school["whole"], *school["classes"], *school["villages"], *school["by_plan"]):
            assert part["roll"] == sum(part[k] for k in ("helped", "screened", "waiting", "excluded", "open"))
        assert len(school["differences"]) == school["whole"]["open"]
    assert not any(pupil.name in said.stdout for pupil in [*cast.pupils, *cast.others, cast.stranger])


def test_when_everybody_has_an_answer_it_ends_well(cast):
    for pupil in (*cast.pupils, *cast.others):
        exclude.exclude(pupil=pupil, plan_key="", reason="写一句原因", by=cast.viewer(cast.principal))
    exclude.exclude(pupil=cast.stranger, plan_key="", reason="写一句原因", by=cast.viewer(cast.outsider))
    said = run("--check")
    assert said.exit_code == 0 and "✓" in said.output and "✗" not in said.output
