"""A mail server and a web hook of one's own on this machine, so that what is sent really goes over a socket."""

import asyncio
import json
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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


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
    box, ready, loop = Mailbox(), threading.Event(), asyncio.new_event_loop()
    port: list[int] = []

    writers = []

    async def talk(reader, writer):
        writers.append(writer)

        def say(words: str):
            writer.write(f"{words}\r\n".encode())

        to = ""
        say("220 ours")
        while line := (await reader.readline()).decode().strip():
            word = line.split(":")[0].split()[0].upper()
            if word == "DATA":
                say("354 go on")
                raw = b""
                while (some := await reader.readline()) != b".\r\n":
                    raw += some.removeprefix(b".") if some.startswith(b"..") else some
                box.keep(to, raw)
                say("250 kept")
            elif word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                say("550 nobody of that name" if refuses else "250 fine")
            else:
                say("221 bye" if word == "QUIT" else "250 fine")
            await writer.drain()
            if word == "QUIT":
                break
        writer.close()

    async def listen():
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        ready.set()
        return server

    async def hang_up():
        """Whoever still talks is cut off: a line left open would be a warning in some later test."""
        talks = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for one in talks:
            one.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        for writer in writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def run():
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(listen())
        loop.run_forever()
        server.close()
        loop.run_until_complete(hang_up())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield f"127.0.0.1:{port[0]}", box
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
