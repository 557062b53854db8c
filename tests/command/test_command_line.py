"""The command line says what it did in sentences, speaks JSON to machines, and ends with a true exit status."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from click.testing import CliRunner

from bangfu.command import cli
from bangfu.command.demo import table
from tests.exchange import workbooks
from tests.exchange.pupils import table as table_of_pupils


def run(*words):
    return CliRunner().invoke(cli, list(words), prog_name="bangfu")


def write_pack(folder, text):
    folder.mkdir()
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return folder


def test_help_lists_every_command_with_one_line_about_it():
    said = run("--help")
    assert said.exit_code == 0
    assert all(name in said.output for name in ("bench", "demo", "packs", "serve"))


def test_the_shipped_packs_are_sound():
    said = run("packs", "check")
    assert said.exit_code == 0, said.output
    assert "weekly_support" in said.output


def test_four_faults_of_a_pack_are_said_in_one_go(tmp_path):
    folder = write_pack(
        tmp_path / "late", 'key = "late"\ntitle = "晚"\nnonsense = 1\n[[duty]]\nkey = "x"\nper = "moon"\n'
    )
    said = run("packs", "check", str(folder))
    faults = [line for line in said.output.splitlines() if line.startswith("✗")]
    assert said.exit_code == 1
    assert len(faults) >= 4
    assert all("late/plan.toml" in line for line in faults)


def test_the_check_speaks_json_to_machines(tmp_path):
    folder = write_pack(tmp_path / "late", "key = ")
    said = run("packs", "check", str(folder), "--json")
    values = json.loads(said.output)
    assert said.exit_code == 1
    assert values["ok"] is False
    assert values["faults"][0]["where"].startswith("late/plan.toml")


def test_a_pack_in_another_encoding_gets_a_sentence_not_a_traceback(tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "plan.toml").write_bytes('title = "帮扶"'.encode("gb18030"))
    said = run("packs", "check", str(folder))
    assert said.exit_code == 1
    assert "UTF-8" in said.output


def test_an_empty_folder_is_said_to_hold_no_pack(tmp_path):
    said = run("packs", "check", str(tmp_path))
    assert said.exit_code == 1
    assert "没有方案包" in said.output


def test_a_folder_that_is_not_there_is_misuse():
    assert run("packs", "check", "nowhere").exit_code == 2


def test_an_unknown_job_is_misuse_and_the_known_ones_are_named():
    said = run("bench", "moon")
    assert said.exit_code == 2
    assert "moon" in said.output


def test_a_taken_port_is_refused_with_the_next_one_to_try():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = run("serve", "--port", str(port), "--no-migrate")
    assert said.exit_code == 1
    assert f"--port {port + 1}" in said.output


def test_columns_line_up_although_chinese_characters_are_wide():
    lines = table([("账号", "是谁"), ("li", "李老师")]).splitlines()
    assert lines == ["  账号  是谁", "  li    李老师"]


def on_a_new_machine(folder, *words):
    """Runs the command as a process of its own, with an empty data folder and no database."""
    environment = {**os.environ, "BANGFU_DATA_DIR": str(folder), "PYTHONUTF8": "1"}
    environment.pop("BANGFU_DATABASE_URL", None)
    command = [sys.executable, "-m", "bangfu", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)


def test_a_roll_can_be_looked_at_where_there_is_no_database_yet(tmp_path):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(workbooks.xlsx(("花名册", table_of_pupils({}, {}))))
    said = on_a_new_machine(tmp_path / "var", "intake", "check", path)
    assert "Traceback" not in said.stderr
    assert "新增 2" in said.stdout


def test_a_server_without_tables_says_so_when_it_may_not_make_them(tmp_path, free_port):
    said = on_a_new_machine(tmp_path, "serve", "--no-migrate", "--port", free_port)
    assert said.returncode == 1
    assert "去掉 --no-migrate" in said.stderr and "Traceback" not in said.stderr


def test_serve_brings_an_empty_database_up_to_date_and_answers(tmp_path, free_port):
    environment = {
        **os.environ,
        "BANGFU_DATA_DIR": str(tmp_path),
        "BANGFU_PORT": str(free_port),
        "PYTHONUTF8": "1",
    }
    environment.pop("BANGFU_DATABASE_URL", None)
    server = subprocess.Popen(
        [sys.executable, "-m", "bangfu", "serve"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert re.search("设置码：[0-9a-f]{8} ", server.stdout.readline())
        assert f"http://127.0.0.1:{free_port}/" in server.stdout.readline()
        assert status_of(f"http://127.0.0.1:{free_port}/sign-in") == 200
        assert (tmp_path / "bangfu.sqlite3").exists()
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status_of(address):
    for _ in range(80):
        try:
            with urllib.request.urlopen(address) as answer:
                return answer.status
        except OSError:
            time.sleep(0.5)
    return None
