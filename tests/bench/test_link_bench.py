"""`bench link` on a few children: every engine answers, is judged by one definition, and every goal is measured."""

import importlib.util
import json
import subprocess
import sys

import duckdb
import pytest

from bangfu.bench import Job, link, link_febrl, link_made, link_run
from bangfu.bench.link import GOALS
from bangfu.bench.school import Broken

PUPILS = 1_500


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("link") / "few.duckdb"
    link_made.main(str(PUPILS), str(path))
    return path


def judged(database, engine, regime="hard"):
    connection = link_run.opened(str(database), regime)
    link_run.engine_of(engine)(connection)
    return link_run.judged(connection)


@pytest.mark.parametrize("engine", ["exact", "waterfall", "rapidfuzz", "ours"])
def test_an_engine_links_most_rows_and_few_wrongly(database, engine):
    found = judged(database, engine)
    assert found["recall"] > 0.6 and found["precision"] > 0.98
    assert found["reviewed"] >= found["recall"] and found["review_share"] <= link_run.REVIEW


def test_ours_finds_more_than_the_exact_join_and_takes_no_siblings_number(database):
    ours, exact = judged(database, "ours"), judged(database, "exact")
    assert ours["recall"] > exact["recall"] and ours["precision"] >= exact["precision"]
    assert ours["sibling"] == 0


def small_truth(found):
    """Five rows: r1 to r4 are c1 to c4, r5 is no pupil; r4 carries the number of c3."""
    connection = duckdb.connect()
    connection.execute("create table listed as select 'r' || n as key from range(1, 101) t(n)")
    connection.execute(
        "create table truth as select 'r' || n as row, case when n < 5 then 'c' || n else '' end as child,"
        " case when n = 4 then 'c3' else '' end as number_of from range(1, 101) t(n)"
    )
    connection.execute("create table found (row varchar, child varchar, weight double, is_sure boolean)")
    connection.executemany("insert into found values (?, ?, ?, ?)", found)
    return link_run.judged(connection, review=0.02)


def test_wrong_missed_and_siblings_are_counted():
    found = small_truth(
        [("r1", "c1", 9, True), ("r2", "c9", 9, True), ("r4", "c3", 9, True), ("r5", "c5", 9, True)]
    )
    assert found["precision"] == 1 / 4 and found["recall"] == 1 / 4
    assert found["sibling"] == 1 and found["wrong"] == 3 and found["missed"] == 3


def test_the_review_list_is_cut_to_its_share_best_first_and_five_candidates_a_row():
    crowd = [("r1", f"x{n}", 8 - n, False) for n in range(5)]
    found = small_truth([*crowd, ("r1", "c1", 1, False), ("r2", "c2", 5, False), ("r3", "c3", 4, False)])
    assert found["review_share"] == 0.02  # two of a hundred rows: r1 and r2
    assert found["reviewed"] == 1 / 4  # r2 only: the sixth candidate of r1 is not shown, r3 is past the share


def test_a_sure_row_is_not_on_the_review_list():
    found = small_truth([("r1", "c9", 9, True), ("r1", "c1", 8, False)])
    assert found["reviewed"] == 0 and found["review_share"] == 0


def outcomes(monkeypatch, said, peers):
    monkeypatch.setattr(link, "said", said)
    monkeypatch.setattr(link, "made", lambda folder, size: link.Path(folder) / "none")
    monkeypatch.setattr(link.Path, "unlink", lambda self: None)
    small = lambda run: link.compare(run, (PUPILS,), peers)  # noqa: E731
    return {
        one.goal.id: one for one in Job("link", "", GOALS, small).run(quick=True, progress=lambda *step: None)
    }


def figures(**more):
    told = {"cpu": 1.0, "wall": 1.0, "memory": 0.1, "precision": 1.0, "recall": 0.99, "reviewed": 0.995}
    return (
        told
        | {"review_share": 0.01, "sibling": 0, "sibling_rows": 3, "wrong": 0, "missed": 1, "rows": 9}
        | more
    )


def sets(f1, cpu):
    return {str(n): {"f1": f1, "cpu": cpu} for n in (1, 2, 3, 4)}


def answer(folder, module, engine, *more):
    if module == "link_febrl":
        return sets(0.9999 if engine == "ours" else 0.999, 0.1 if engine == "ours" else 1.0)
    return figures(cpu=10.0, training=3.0) if engine == "splink" else figures()


def test_every_goal_is_measured_and_peers_stand_beside(monkeypatch):
    found = outcomes(monkeypatch, answer, {"splink": "Splink"})
    assert set(found) == {goal.id for goal in GOALS}
    assert all(one.measured is not None for one in found.values())
    assert found["G-link-cpu"].score == pytest.approx(0.1)
    assert "Splink" in " ".join(name for name, _ in found["G-link-hard-missed"].beside)


def test_an_engine_over_the_limit_is_left_out_and_said_so(monkeypatch):
    slow = lambda folder, module, engine, *more: (  # noqa: E731
        None if engine == "recordlinkage" else answer(folder, module, engine, *more)
    )
    found = outcomes(monkeypatch, slow, {"splink": "Splink", "recordlinkage": "recordlinkage"})
    assert any("recordlinkage 超过时限" in name for name, _ in found["G-link-cpu"].beside)
    assert found["G-link-cpu"].met


def test_one_silent_sibling_misses_the_goal(monkeypatch):
    slip = lambda folder, module, engine, *more: (  # noqa: E731
        figures(sibling=1)
        if engine == "ours" and module == "link_run"
        else answer(folder, module, engine, *more)
    )
    assert not outcomes(monkeypatch, slip, {"splink": "Splink"})["G-link-sibling"].met


def test_a_missing_package_is_named_with_the_way_to_get_it(monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "splink" else there(name))
    with pytest.raises(Broken, match="splink.*script/run ready --dev"):
        link.measure(None)


@pytest.mark.parametrize("engine", ["exact", "splink", "recordlinkage"])
def test_an_engine_in_a_process_of_its_own_says_its_figures_as_json(database, engine):
    words = [sys.executable, "-m", "bangfu.bench.link_run", engine, str(database), "plain"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["cpu"] > 0 and 0.05 < told["memory"] < 4 and told["rows"] == len_of(database)
    assert told["recall"] > 0.8


def len_of(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute("select count(*) from plain.listed").fetchone()[0]


@pytest.mark.filterwarnings("ignore")
def test_febrl_1_is_linked_without_a_slip():
    frames, true = link_febrl.loaded(1)
    assert link_febrl.score(link_febrl.ours(frames), true) == 1.0


def test_f1_counts_both_what_is_missed_and_what_is_false():
    assert link_febrl.score({1, 2, 3}, {2, 3, 4, 5}) == pytest.approx(2 * 2 / 7)
