"""A gate before the school's server: shut it and the server is gone, or let a request through and lose its answer.

In: the server's address. Out: an address of its own that stays the same while the gate opens and shuts.
"""

import socket
import threading
from contextlib import suppress


class Gate:
    """Passes bytes on, both ways. `loses` names the beginning of requests whose answers never arrive."""

    def __init__(self, host: str, port: int) -> None:
        self.behind, self.loses, self.lost = (host, port), b"", 0
        self.port, self.listening, self.lines = 0, None, []
        self.turn = threading.Lock()  # shutting, and somebody just coming in
        self.open()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def open(self) -> None:
        """Let people in, on the port as before."""
        self.listening = socket.socket()
        self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listening.bind(("127.0.0.1", self.port))
        self.listening.listen(64)
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listening,), daemon=True).start()

    def shut(self) -> None:
        """Nobody gets in, and whoever was inside is cut off."""
        with self.turn:
            inside, self.lines, self.listening = [*filter(None, [self.listening]), *self.lines], [], None
        for line in inside:
            _cut(line)

    def _accept(self, listening) -> None:
        while True:
            try:
                near, _from = listening.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self.behind)
            except OSError:
                near.close()
                continue
            with self.turn:
                is_open = self.listening is listening
                if is_open:
                    self.lines += [near, far]
            if not is_open:
                near.close()
                far.close()
                return
            said = {"deaf": False}
            for one, other, asks in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pass, args=(one, other, said, asks), daemon=True).start()

    def _pass(self, one, other, said: dict, asks: bool) -> None:
        with suppress(OSError):
            while some := one.recv(65536):
                if asks and self.loses and self.loses in some:
                    said["deaf"] = True
                if not asks and said["deaf"]:  # the server has answered; nobody will hear it
                    self.lost += 1
                    break
                other.sendall(some)
        _cut(one)
        _cut(other)


def _cut(line) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
