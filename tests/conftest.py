"""What every test stands on: a database by BANGFU_TEST_DATABASE (sqlite, or postgres from a wheel), a data
folder of its own, no network beyond this machine, a fast password hasher. Random order and warnings-as-errors
are set in pyproject.toml."""

import base64
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

import django
import pytest

from tests.browser import chromium, page, phone, playwright  # noqa: F401  fixtures

DATABASE = os.environ.get("BANGFU_TEST_DATABASE", "sqlite")
KEPT = ("BANGFU_TEST_DATABASE", "BANGFU_CHROMIUM", "BANGFU_POSTGRES_BIN", "BANGFU_CHAOS_RUNS")  # what a test run is asked
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ  # workers inherit folder and server from the first process
_server = None


def _prepare_environment() -> Path:
    """Settings read the environment once, at import; so this runs before Django is touched."""
    if IS_WORKER:
        return Path(os.environ["BANGFU_DATA_DIR"])
    for name in [name for name in os.environ if name.startswith("BANGFU_")]:
        if name not in KEPT:
            del os.environ[name]  # a developer's own school must never be touched by a test
    folder = Path(tempfile.mkdtemp(prefix="bangfu-test-"))
    os.environ["BANGFU_DATA_DIR"] = str(folder)
    os.environ["BANGFU_SECRET_KEY"] = "tests only, never a school's key"
    os.environ["BANGFU_SEAL_KEYS"] = f"tests:aes:{base64.b64encode(bytes(32)).decode()}"
    os.environ["BANGFU_SEAL_KEY"] = "tests"
    os.environ["BANGFU_CARE_KEYS"] = f"tests:aes:{base64.b64encode(bytes(31) + b'c').decode()}"
    os.environ["BANGFU_CARE_KEY"] = "tests"
    os.environ["BANGFU_BLIND_KEY"] = base64.b64encode(bytes(32)).decode()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bangfu.settings"
    return folder


FOLDER = _prepare_environment()

if DATABASE == "postgres" and not IS_WORKER:
    from tests.postgres import Server

    _server = Server()
    _server.start()
    os.environ["BANGFU_DATABASE_URL"] = _server.url
elif DATABASE not in ("sqlite", "postgres"):
    raise pytest.UsageError(f"BANGFU_TEST_DATABASE={DATABASE}: say sqlite or postgres")

django.setup()


def pytest_report_header() -> str:
    return f"database: {DATABASE}"


LONGEST = (
    "test_one_ledger", "test_a_month", "test_mutated_workbooks", "test_school", "test_class_grid", "test_offline",
    "test_taps", "test_a_plan", "test_no_child_missed", "test_outsider", "test_round", "test_histories",
    "test_writes_bench", "test_entry_minutes", "test_demo_command", "test_migrate", "test_chaos_in_the_browser",
)  # fmt: skip
ON_BOTH = ("test_one_record",)
OPENS_DATABASE = {"db", "transactional_db"}


def pytest_collection_modifyitems(config, items) -> None:
    """The longest begin first: the last one standing would keep the others waiting.

    What a browser draws, or a journey meets, hangs on no database: on the second one it only follows one record
    everywhere, and what opens no database at all is left out.
    """
    items.sort(key=lambda one: one.path.stem not in LONGEST)  # stable: the order stays random otherwise
    if DATABASE == "sqlite":
        return
    on_both = [one for one in items if _hangs_on_the_database(one)]
    config.hook.pytest_deselected(items=[one for one in items if one not in set(on_both)])
    items[:] = on_both


def _hangs_on_the_database(item) -> bool:
    if "playwright" in item.fixturenames or item.path.parent.name == "journeys":
        return item.path.stem in ON_BOTH
    return bool(OPENS_DATABASE.intersection(item.fixturenames)) or bool(item.get_closest_marker("django_db"))


def pytest_addoption(parser) -> None:
    parser.addoption(
        "--results", type=Path, help="write how each test ended into this file, beside what it says"
    )


ENDINGS: dict[str, str] = {}
GRAVEST = ("skipped", "passed", "failed")


def _ended(before: str, now: str) -> str:
    return max((before, now), key=GRAVEST.index)


def _readable(node: str) -> str:
    """pytest writes Chinese cases as \\u5148; the trace names them as people do."""
    told = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), node)
    return told.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )  # rare characters come in halves


def pytest_runtest_logreport(report) -> None:
    """A test that could not be set up failed; one that only was set up has not ended."""
    if report.when == "call" or report.outcome != "passed":
        node = _readable(report.nodeid)
        ENDINGS[node] = _ended(ENDINGS.get(node, "skipped"), report.outcome)


def pytest_sessionfinish(session) -> None:
    """The trace asks this file which tests ran; two runs into one file keep the graver ending."""
    path = session.config.getoption("--results")
    if path is None or IS_WORKER:
        return
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known |= {node: _ended(known.get(node, "skipped"), end) for node, end in ENDINGS.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known, ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")


def pytest_unconfigure() -> None:
    if _server:
        _server.stop()
    if not IS_WORKER:
        shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The PostgreSQL of the tests is thrown away whole: a line still open then is nobody's fault."""
    return DATABASE == "postgres"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Tests use a file, not SQLite's memory mode: WAL, locks and the live server are then the real ones.

    A request of the live server closes its connection: a browser keeps its line, and with it one that outlives a test.
    """
    from django.db import connections

    settings = connections.databases["default"]
    settings["CONN_MAX_AGE"] = 0
    if settings["ENGINE"].endswith("sqlite3"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        settings.setdefault("TEST", {})["NAME"] = str(FOLDER / f"test{worker}.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _fast_passwords():
    """A real hasher would spend a quarter of a second at every log-in."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def _patient_posts():
    """A robot or a mail server is given five seconds; one of our own on a lent machine may need more."""
    from bangfu.flow import deliver

    deliver.PATIENCE = 60


@pytest.fixture(autouse=True)
def _flush_may_delete(request):
    """SQLite empties tables row by row after a test that commits; the triggers that keep pairs must be gone by then."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    if not commits and "transactional_db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from bangfu.records import limits

    limits.remove()  # laid anew by the flush's post_migrate


if "DJANGO_SETTINGS_MODULE" in os.environ:
    from tests.cast import cast  # noqa: F401  the fixture every page test stands on
