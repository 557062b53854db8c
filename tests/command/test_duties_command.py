"""`bangfu duties`: a night renews what turned; an audit ends with 1 if a single kept cell differs, and can rebuild."""

import json

from click.testing import CliRunner

from bangfu.command import cli
from bangfu.flow import daily
from bangfu.records.models import DutyState, KeptLedger


def run(*words):
    return CliRunner().invoke(cli, ["duties", *words], prog_name="bangfu")


def test_a_night_renews_what_turned_and_nothing_twice(cast):
    cast.case(0), cast.case(1)
    assert json.loads(run("nightly", "--json").output)["renewed"] == 2
    assert "0 名" in run("nightly").output
    assert not KeptLedger.objects.filter(is_stale=True).exists()


def test_a_night_does_all_that_the_clock_does_each_day(cast, monkeypatch):
    done = []
    monkeypatch.setattr(daily, "EVERY_DAY", (*daily.EVERY_DAY, lambda *, school, day: done.append(school)))
    run("nightly")
    assert len(done) == 2


def test_an_audit_of_an_untouched_state_ends_well(cast):
    cast.case(0)
    run("nightly")
    said = run("audit")
    assert said.exit_code == 0, said.output
    assert "0 格不同" in said.output


def test_an_audit_says_what_waits_to_be_renewed_without_calling_it_wrong(cast):
    cast.case(0)
    said = run("audit")
    assert said.exit_code == 0
    assert "1 名等着补算" in said.output


def test_one_spoilt_cell_ends_with_one_and_a_rebuild_puts_it_right(cast):
    case = cast.case(0)
    run("nightly")
    DutyState.objects.filter(pk=DutyState.objects.first().pk).update(count=9, state="done")
    said = run("audit", "--json")
    told = json.loads(said.output)
    assert said.exit_code == 1
    assert [one["case"] for one in told["wrong"]] == [str(case.pk)]
    said = run("audit")
    assert said.exit_code == 1 and "--rebuild" in said.output
    assert case.pupil.name not in said.output
    assert run("audit", "--rebuild").exit_code == 0
    assert run("audit").exit_code == 0
