"""A real `bangfu serve` that is killed without a word (kill -9) and started again, and a network that does what it likes.

In: a data folder's environment. Out: answers, or OSError where a phone would see none.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

from bangfu.bench.school import Broken
from bangfu.bench.served import PATIENCE

TOKEN = "c" * 32
# What becomes of a request: out of a hundred.
FATES = (
    ("fine", 52), ("lost", 12), ("unanswered", 14), ("cut", 6), ("twice", 6), ("side_by_side", 4), ("late", 6),
)  # fmt: skip


class Killable:
    """The web server as a school runs it, in a process group of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment, self.kills, self.turn = environment, 0, threading.Lock()
        self._start()

    def _start(self) -> None:
        words = [sys.executable, "-m", "bangfu", "serve", "--no-migrate", "--port", str(self.port)]
        self.process = subprocess.Popen(
            words,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 3 * PATIENCE  # on a busy machine a start takes its time
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise Broken("the server did not start")

    def kill(self, *, again: bool = True) -> None:
        """This function will end all its processes at once, wherever they are, and start it anew."""
        with self.turn:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.kills += again
            if again:
                self._start()

    def coming_back(self) -> float:
        """This function will wait while the server is being started again; gives the seconds that took."""
        began = time.monotonic()
        with self.turn:
            return time.monotonic() - began


class Network:
    """One phone's way to the school: requests get lost, cut, doubled, delayed past later ones; answers get lost too."""

    def __init__(self, port: int, session: str, chance: random.Random) -> None:
        self.port, self.chance, self.calm = port, chance, False
        self.cookies = f"sessionid={session}; csrftoken={TOKEN}"
        self.delayed: list[bytes] = []
        self.met: dict[str, int] = {}

    def post(self, batch: dict) -> tuple[int, dict]:
        """This function will send a batch to /sync; raises OSError when no answer arrives."""
        body = json.dumps(batch, ensure_ascii=False).encode()
        names, weights = zip(*FATES, strict=True)
        fate = "fine" if self.calm else self.chance.choices(names, weights)[0]
        if not self.calm:
            self.met[fate] = self.met.get(fate, 0) + 1
        if fate == "lost":
            raise OSError("lost")
        if fate == "late":  # the phone gives up; the request arrives after a later one
            self.delayed.append(body)
            raise OSError("late")
        if fate in ("cut", "unanswered"):
            self._leave(body, whole=fate == "unanswered")
            raise OSError(fate)
        if fate == "side_by_side":
            other = threading.Thread(target=self._quietly, args=(body,))
            other.start()
            try:
                return self._ask(body)
            finally:
                other.join()
        answer = self._ask(body)
        if fate == "twice":
            self._quietly(body)
        while self.delayed and self.chance.random() < 0.7:
            self._quietly(self.delayed.pop())
        return answer

    def settle(self) -> None:
        """This function will deliver whatever still travels, and be calm from now on."""
        self.calm = True
        while self.delayed:
            self._quietly(self.delayed.pop())

    def _head(self, length: int) -> bytes:
        lines = (
            "POST /sync HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {self.cookies}", f"X-CSRFToken: {TOKEN}",
            "Content-Type: application/json", f"Content-Length: {length}", "", "",
        )  # fmt: skip
        return "\r\n".join(lines).encode()

    def _leave(self, body: bytes, *, whole: bool) -> None:
        """Sends all or half of a request and hangs up without listening."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            line.sendall(self._head(len(body)) + (body if whole else body[: len(body) // 2]))

    def _quietly(self, body: bytes) -> None:
        try:
            self._ask(body)
        except OSError:
            return

    def _ask(self, body: bytes) -> tuple[int, dict]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        try:
            line.request("POST", "/sync", body, headers)
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        except (http.client.HTTPException, ValueError) as broken:
            raise OSError("the answer was cut off") from broken
        finally:
            line.close()
