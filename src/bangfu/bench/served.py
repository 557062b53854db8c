"""The memory of a freshly started `bangfu serve` after some page views by several people, over HTTP.

In: who may sign in. Out: resident memory of all its processes added up (pages they share are counted more than once).
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

PROC = Path("/proc")
PATIENCE = 60  # seconds until the server must answer
PEOPLE = 8


@contextmanager
def serving() -> Iterator[tuple[int, str]]:
    """This function will run `bangfu serve` on a free port and stop it afterwards: (process id, address)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "bangfu", "serve", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        _wait_for(process, port)
        yield process.pid, f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen, port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("the server did not start")


def tree(pid: int) -> list[int]:
    """This function will list a process and everything it started."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (parent := _number(entry / "status", "PPid")) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, ())
    return found


def _number(path: Path, name: str) -> int | None:
    try:
        said = re.search(rf"^{name}:\s+(\d+)", path.read_text(), re.MULTILINE)
    except OSError:  # it ended meanwhile
        return None
    return int(said[1]) if said else None


def resident(pid: int) -> tuple[float, float]:
    """This function will add up a process tree in MB: (resident, proportional share where shared pages count once)."""
    pids = tree(pid)
    rss = sum(_number(PROC / str(one) / "status", "VmRSS") or 0 for one in pids)
    pss = sum(_number(PROC / str(one) / "smaps_rollup", "Pss") or 0 for one in pids)
    return rss / 1024, pss / 1024


def signed_in(address: str, username: str, password: str) -> OpenerDirector:
    """This function will sign somebody in over HTTP."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    browser.open(f"{address}/sign-in").read()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    asked = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    browser.open(f"{address}/sign-in", urlencode(asked).encode()).read()
    return browser


def report(people: list[tuple], password: str, views: int, say: Callable) -> None:
    """This function will view pages in turns and tell what the server weighs; without /proc nothing is claimed.

    `people` are (user name, children they help), the principal first.
    """
    if not PROC.is_dir() or not hasattr(os, "fork"):
        return
    with serving() as (pid, address):
        fresh = resident(pid)[0]
        browsers = [
            (signed_in(address, name, password), pupils) for name, pupils in people[:: len(people) // PEOPLE]
        ]
        principal = browsers[0][0]
        for number in range(views):
            browser, pupils = browsers[number % len(browsers)]
            pages = ["/", "/pupils", f"/pupils/{pupils[0]}" if pupils else "/pupils?page=2", "/record/new"]
            browser.open(address + pages[number // len(browsers) % len(pages)]).read()
            if number % 10 == 9:
                principal.open(f"{address}/board").read()
        rss, pss = resident(pid)
    beside = [("刚启动", fresh), ("共享页只算一次", pss)]
    say(goal="G-school-memory", measured=rss, beside=beside)
