"""From nothing but Python to a running 帮扶: `script/demo`, `script/test`, `script/check` and `script/bench`.

In: a task name and its options. Out: .venv with the pinned, hashed packages, then the task itself.
Standard library only, and no host names: pip or uv ask whatever package index this machine is set up for.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
SHELL = "chromium-headless-shell"
RESULTS = ROOT / "var" / "results.json"
WITH_DATABASE = ("records", "flow", "web", "journeys", "demo")  # the rest never opens one, or brings its own
QUICK_TESTS = ("house", "engine", "packs", "exchange", "flow")
LONG_TESTS = (
    "flow/test_one_ledger.py", "flow/test_histories.py", "engine/test_histories.py", "flow/test_state.py",
    "flow/test_mutated_workbooks.py", "exchange/test_mutated_workbooks.py", "exchange/test_plan_text.py",
    "flow/test_solve_best.py", "flow/test_pair_doors.py", "flow/test_pair_limits.py", "flow/test_coverage.py",
    "flow/test_lists.py", "flow/test_lists_pairs.py", "engine/test_sentence.py", "house/test_migrations.py",
    "flow/test_draft.py", "flow/test_class_grid.py",
)
LAUNCHER = """#!/bin/sh
'''exec' "$(dirname "$0")/python" "$0" "$@"
' '''
from bangfu.command import main

main()
"""


def say(sentence):
    print(sentence, flush=True)


def stop(sentence):
    print(f"✗ {sentence}", file=sys.stderr, flush=True)
    sys.exit(2)


def run(*words, **options):
    """This function will run a command in the repository and return its exit status."""
    return subprocess.run([str(word) for word in words], cwd=ROOT, check=False, **options).returncode


def quiet(*words):
    """This function will run a command silently and return (exit status, what it printed)."""
    words = [str(word) for word in words]
    try:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout + done.stderr


def apt_install(package):
    """This function will install a Debian package if we are root on Debian, and say whether it is there now."""
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    for attempt in (install, ["apt-get", "update", "-qq"], install):
        done = subprocess.run(attempt, env=environment, capture_output=True, check=False)
        if attempt is install and done.returncode == 0:
            return True
    return False


def make_venv():
    """This function will make .venv unless a working one is there already."""
    if PYTHON.exists() and quiet(PYTHON, "-c", "import sys")[0] == 0:
        return
    uv = shutil.which("uv")
    if uv:
        if run(uv, "venv", "-q", "--allow-existing", "--python", sys.executable, VENV):
            stop("uv 没能建好 .venv，请看上面的话。")
        return
    status, words = quiet(sys.executable, "-m", "venv", "--clear", VENV)
    if status == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python3.{sys.version_info[1]}-venv"
    if apt_install(package) and quiet(sys.executable, "-m", "venv", VENV)[0] == 0:
        return
    if shutil.which("apt-get"):
        stop(f"这台机器的 Python 缺 venv。请先执行：  sudo apt install {package}\n  然后再运行本命令。")
    stop(f"没能建好 .venv：\n{words}")


def installer():
    """This function will return the words of the command that installs into .venv: uv if present, else pip."""
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "-q", "--python", PYTHON]
    if quiet(PYTHON, "-m", "pip", "--version")[0] and quiet(PYTHON, "-m", "ensurepip")[0]:
        stop("这个 .venv 里没有 pip。请删掉 .venv 文件夹，再运行本命令。")
    # Not compiled beforehand: Python compiles what is used, when it is, and most of these packages never are.
    return [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-compile"]


def stamp_of(name):
    """This function will return (stamp file, what it says when requirements/NAME.txt is installed)."""
    pins = ROOT / "requirements" / f"{name}.txt"
    return VENV / f".ready-{name}", hashlib.sha256(pins.read_bytes()).hexdigest()


def is_installed(name):
    stamp, digest = stamp_of(name)
    return stamp.exists() and stamp.read_text() == digest


def put_package_on_path():
    """This function will make `import bangfu` and .venv/bin/bangfu work from this very folder, editable."""
    site = Path(quiet(PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")[1].strip())
    path_file = site / "bangfu.pth"
    if not path_file.exists() or path_file.read_text(encoding="utf-8") != f"{ROOT / 'src'}\n":
        path_file.write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    if os.name == "nt":
        (BIN / "bangfu.cmd").write_text('@"%~dp0python.exe" -m bangfu %*\n')
    elif not (BIN / "bangfu").exists():
        (BIN / "bangfu").write_text(LAUNCHER)
        (BIN / "bangfu").chmod(0o755)


def ready(*, dev=False):
    """This function will leave a working .venv behind; the second time it has nothing to do (stamp file)."""
    name = "dev" if dev else "bangfu"
    make_venv()
    if not (is_installed("dev") or is_installed(name)):
        started = time.monotonic()
        say("正在准备运行环境，第一次要一两分钟……")
        status, words = quiet(*installer(), "--require-hashes", "-r", ROOT / "requirements" / f"{name}.txt")
        if status:
            stop(f"软件包没有装好：\n{words}\n网络恢复后再运行一次即可。")
        stamp, digest = stamp_of(name)
        stamp.write_text(digest)
        say(f"✓ 运行环境就绪，用了 {time.monotonic() - started:.0f} 秒")
    put_package_on_path()


def find_chromium():
    """This function will leave a Chromium for the journeys: installed, from apt, or from Playwright; else say so.

    The headless shell goes before a whole browser: the same engine at about half the CPU.
    """

    def found():
        status, words = quiet(PYTHON, "-m", "tests.browser")
        return words.strip() if status == 0 else ""

    is_named = "BANGFU_CHROMIUM" in os.environ
    if not is_named and not shutil.which(SHELL):
        apt_install(SHELL)
    if found():
        return
    say("没有找到 Chromium，正在安装……")
    if apt_install("chromium") and found():
        return
    if quiet(PYTHON, "-m", "playwright", "install", "chromium")[0] == 0 and found():
        return
    say("!! 没有 Chromium：浏览器里的测试全部跳过。请装 chromium 或 Chrome，或设 BANGFU_CHROMIUM。")


def settle(what, status, verdicts):
    if status:
        verdicts.append(what)


def check_style(verdicts):
    settle("ruff", run(PYTHON, "-m", "ruff", "check", "src", "tests", "script"), verdicts)
    settle("lint-imports", run(BIN / "lint-imports"), verdicts)


def pytest(*options, **settings):
    """This function will run pytest, a few tests at a time, and let it write down how each ended.

    One more than the two cores: browsers and databases wait a good deal. A file stays with one of them, which makes
    what its tests share once; tests/conftest.py lets the longest begin.
    """
    side_by_side = ["-n", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
    if (os.cpu_count() or 1) == 1:
        side_by_side = []
    return run(PYTHON, "-m", "pytest", f"--results={RESULTS}", *side_by_side, *options, **settings)


def check_trace(verdicts, *options):
    """This function will hold every demand of the plans' texts against the packs and the tests that just ran."""
    say("\n== 原文的每一条要求 ==")
    if not RESULTS.exists():
        return
    settle(
        "原文对照", run(PYTHON, "-m", "bangfu", "packs", "trace", "--results", RESULTS, *options), verdicts
    )


def close(verdicts):
    """This function will end with one line about what failed; success leaves pytest the last word."""
    if verdicts:
        stop("没有通过：" + "、".join(verdicts))


def demo(options):
    ready()
    os.environ.setdefault("BANGFU_DATA_DIR", str(ROOT / "var" / "demo"))
    hand_over("demo", *options)


def bench(options):
    ready()
    hand_over("bench", *options)


def hand_over(*words):
    """This function will become the `bangfu` command, so that Ctrl+C reaches it directly."""
    words = [str(PYTHON), "-m", "bangfu", *words]
    if os.name == "nt":
        sys.exit(run(*words))
    os.chdir(ROOT)
    os.execv(words[0], words)


def keep_what_is_compiled():
    """This function will let Python keep its bytecode: each server a test starts would compile for seconds otherwise."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def test(options):
    keep_what_is_compiled()
    ready(dev=True)
    find_chromium()
    verdicts = []
    check_style(verdicts)
    RESULTS.unlink(missing_ok=True)
    for database, rooms in (("sqlite", ()), ("postgres", WITH_DATABASE)):
        say(f"\n== {'凡用到数据库的' if rooms else '全部'}测试，数据库：{database} ==")
        environment = {**os.environ, "BANGFU_TEST_DATABASE": database}
        named = [] if options else [f"tests/{room}" for room in rooms]
        settle(f"测试（{database}）", pytest(*named, *options, env=environment), verdicts)
    check_trace(verdicts, *(["--some"] if options else []))  # -k and such run only a part
    close(verdicts)


def check(options):
    keep_what_is_compiled()
    ready(dev=True)
    verdicts = []
    check_style(verdicts)
    RESULTS.unlink(missing_ok=True)
    rooms = [f"tests/{room}" for room in QUICK_TESTS if (ROOT / "tests" / room).is_dir()]
    left_out = [f"--ignore=tests/{name}" for name in LONG_TESTS]
    settle("测试", pytest("-q", *rooms, *left_out, *options), verdicts)
    check_trace(verdicts, "--some")
    close(verdicts)


def prepare(options):
    ready(dev="--dev" in options)


TASKS = {"demo": demo, "test": test, "check": check, "bench": bench, "ready": prepare}


def main(words):
    os.environ.setdefault("PYTHONUTF8", "1")
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python gets a sentence, not a traceback
        stop(f"需要 Python 3.11 以上，现在是 {sys.version.split()[0]}。")
    if not words or words[0] not in TASKS:
        stop("用法：script/run " + "|".join(TASKS) + " [选项]")
    TASKS[words[0]](words[1:])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
