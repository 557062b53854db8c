"""Settings come from the environment; keys that are missing are made once and kept to their owner."""

import base64
import os
import stat
import subprocess
import sys

import pytest

from bangfu import settings

KEY = base64.b64encode(bytes(32)).decode()
SM4 = base64.b64encode(bytes(16)).decode()


def test_missing_keys_are_made_once_and_only_their_owner_may_read_them(tmp_path, capsys):
    first = settings.kept_keys(tmp_path / "var")
    path = tmp_path / "var" / "keys.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "妥善保管" in capsys.readouterr().err
    assert settings.kept_keys(tmp_path / "var") == first
    assert capsys.readouterr().err == ""
    assert [file.name for file in path.parent.iterdir()] == ["keys.toml"]
    assert settings.seal_keys(first["seal_keys"])[first["seal_key"]][0] == "aes"


def test_two_ciphers_and_older_keys_can_stand_side_by_side():
    keys = settings.seal_keys(f"old:aes:{KEY}, new:sm4:{SM4}")
    assert keys == {"old": ("aes", bytes(32)), "new": ("sm4", bytes(16))}


@pytest.mark.parametrize("text", [f"k:aes:{SM4}", f"k:des:{KEY}", "k:aes:not base64"])
def test_a_key_that_cannot_seal_is_refused_at_the_start(text):
    with pytest.raises(ValueError):
        settings.seal_keys(text)


def test_an_address_of_postgresql_is_read_with_its_escapes(tmp_path):
    read = settings.database("postgresql://bang:p%40ss@db.school:5433/bangfu?sslmode=require", tmp_path)
    assert read["ENGINE"].endswith("postgresql")
    assert (read["NAME"], read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == (
        "bangfu",
        "bang",
        "p@ss",
        "db.school",
        5433,
    )
    assert read["OPTIONS"] == {"sslmode": "require"}


def test_sqlite_waits_for_its_turn_and_loses_nothing(tmp_path):
    options = settings.database("", tmp_path)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE" and options["timeout"] == 30
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in options["init_command"]


def test_another_database_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="BANGFU_DATABASE_URL"):
        settings.database("mysql://x/y", tmp_path)


def test_the_environment_decides(tmp_path):
    script = "from bangfu import settings as s; print(s.DEBUG, s.ALLOWED_HOSTS, s.DAY, s.SECRET_KEY, s.LANGUAGE_CODE)"
    told = {
        "BANGFU_DATA_DIR": str(tmp_path),
        "BANGFU_SECRET_KEY": "ours",
        "BANGFU_ALLOWED_HOSTS": "a.school, b.school",
        "BANGFU_DAY": "2026-10-15",
        "BANGFU_LANGUAGE": "zh-hant",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BANGFU_")}
    paths = os.pathsep.join(path for path in sys.path if path)
    run = subprocess.run(
        [sys.executable, "-c", script],
        env=kept | told | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "False ['a.school', 'b.school'] 2026-10-15 ours zh-hant"
