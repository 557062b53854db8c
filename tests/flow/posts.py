"""A mail server and a web hook of one's own on this machine, so that what is sent really goes over a socket."""

import json
import socketserver
import threading
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def hook(answer: dict | None = None, status: int = 200):
    """Yield (host:port, what was posted as (path, JSON)); every post gets `answer`."""
    heard: list[tuple[str, dict]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, json.loads(body)))
            said = json.dumps(answer or {}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args):
            pass

    with _served(ThreadingHTTPServer(("127.0.0.1", 0), Listener)) as place:
        yield place, heard


class Mailbox:
    """What a mail server took: (to, subject, text)."""

    def __init__(self):
        self.taken: list[tuple[str, str, str]] = []

    def keep(self, to: str, raw: bytes) -> None:
        """Read a message as a person would."""
        message = message_from_bytes(raw)
        part = next(one for one in message.walk() if not one.is_multipart())
        text = part.get_payload(decode=True).decode(part.get_content_charset() or "utf-8").strip()
        self.taken.append((to, str(make_header(decode_header(message["Subject"]))), text))


@contextmanager
def mail(refuses: bool = False):
    """Yield (host:port, Mailbox): the few words of SMTP that a client needs, spoken by ourselves."""
    box = Mailbox()

    class Talk(socketserver.StreamRequestHandler):
        timeout = 60  # seconds: whoever knocks and says nothing is not waited for

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

        def handle(self):
            with suppress(OSError):  # a client may hang up whenever it likes
                self.talk()

        def talk(self):
            to = ""
            self.say("220 ours")
            while line := self.rfile.readline().decode().strip():
                word = line.split(":")[0].split()[0].upper()
                if word == "DATA":
                    self.say("354 go on")
                    box.keep(to, self.letter())
                    self.say("250 kept")
                elif word == "RCPT":
                    to = line.partition("<")[2].partition(">")[0]
                    self.say("550 nobody of that name" if refuses else "250 fine")
                else:
                    self.say("221 bye" if word == "QUIT" else "250 fine")
                if word == "QUIT":
                    break

        def letter(self) -> bytes:
            raw = b""
            while (some := self.rfile.readline()) not in (b".\r\n", b""):
                raw += some.removeprefix(b".") if some.startswith(b"..") else some
            return raw

    with _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)) as place:
        yield place, box


@contextmanager
def _served(server):
    """A server in a thread of its own; its talks have ended, and their lines are closed, before it goes."""
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
