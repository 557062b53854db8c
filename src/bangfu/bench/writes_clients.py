"""Many browsers at once: sheets posted over HTTP with real sessions, each answer timed, every acknowledged record kept.

Kept simple on purpose (one connection a client, nothing but what a form sends), so that it is the server that is busy.
"""

import asyncio
import gzip
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

TOKEN = "b" * 32  # the cookie and the form say the same, as a browser's do
PATIENCE = 60  # seconds until an answer counts as none


@dataclass(slots=True)
class Told:
    """What the clients saw: seconds of every answer, records acknowledged, answers that were none."""

    waits: list[float] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Browser:
    """One connection of one signed-in person."""

    def __init__(self, port: int, session: str, *, plain: bool = False) -> None:
        self.port, self.cookies = port, f"sessionid={session}; csrftoken={TOKEN}"
        self.coding = "identity" if plain else "gzip"
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, address: str, form: list | None = None) -> tuple[int, bytes]:
        """This function will send one request and give (status, body); raises OSError when the connection breaks."""
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        body = urlencode([("csrfmiddlewaretoken", TOKEN), *form]).encode() if form is not None else b""
        head = (
            f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookies}\r\n"
            f"Accept-Encoding: {self.coding}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        try:
            return await self._answer(reader)
        except (ValueError, IndexError) as broken:
            raise OSError("the answer was cut off") from broken

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        status = int((await reader.readline()).split()[1])
        size, is_open = 0, True
        while line := (await reader.readline()).strip():
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "content-length":
                size = int(value)
            if name.lower() == "connection" and value.strip().lower() == "close":
                is_open = False
        try:
            body = await reader.readexactly(size)
        except asyncio.IncompleteReadError as broken:
            raise OSError("the answer was cut off") from broken
        if not is_open:
            await self.close()
        return status, body

    async def close(self) -> None:
        """This function will let the connection go, and wait until it is gone."""
        if self.streams is not None:
            writer, self.streams = self.streams[1], None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def _run(all_of_them) -> None:
    """In a thread of its own: whoever calls may have an event loop already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(all_of_them())).result()


def sheet(pupil: str, day: str) -> tuple[str, list]:
    """This function will fill in a sheet the way the page posts it: (record id, form)."""
    record = str(uuid4())
    form = [
        ("pupil", pupil), ("id", record), ("on", day), ("activities", "talk"), ("activities", "tutoring"),
        ("talk.about", "学习"), ("talk.about", "心情"), ("talk.today", "平稳"), ("talk.minutes", "10"),
        ("tutoring.minutes", "10"), ("note", "说了说这一周，挺好。"),
    ]  # fmt: skip
    return record, form


async def _write(browser: Browser, pupils: list[str], day: str, told: Told, number: int) -> None:
    record, form = sheet(pupils[number % len(pupils)], day)
    began = time.perf_counter()
    try:
        status, body = await asyncio.wait_for(browser.ask("POST", "/record/new", form), PATIENCE)
    except (OSError, TimeoutError) as broken:
        told.errors.append(f"{type(broken).__name__}: {broken}")
        await browser.close()
        return
    told.waits.append(time.perf_counter() - began)
    if status == 302:
        told.stored.append(record)
    else:
        told.errors.append(f"{status} {body[:200]!r}")


async def _open_today(browser: Browser, person: dict, told: Told) -> None:
    began = time.perf_counter()
    try:
        status, body = await asyncio.wait_for(browser.ask("GET", "/"), PATIENCE)
    except (OSError, TimeoutError) as broken:
        told.errors.append(f"{type(broken).__name__}: {broken}")
        await browser.close()
        return
    told.waits.append(time.perf_counter() - began)
    if status != 200 or person["name"] not in gzip.decompress(body).decode():
        told.errors.append(f"{status}, {len(body)} bytes")


def writing(port: int, people: list[dict], day: str, *, until: Callable[[], bool]) -> Told:
    """This function will have everybody write one record after the other until told to stop."""
    told = Told()

    async def one(person: dict, numbers: Iterator[int]) -> None:
        browser = Browser(port, person["session"])
        while not until():
            await _write(browser, person["pupils"], day, told, next(numbers))
        await browser.close()

    async def all_of_them() -> None:
        await asyncio.gather(*(one(person, count(at)) for at, person in enumerate(people)))

    _run(all_of_them)
    return told


def crowd(port: int, people: list[dict], day: str) -> tuple[Told, Told]:
    """This function will have everybody open today in the same moment and then write one record: (opened, wrote).

    Each on a line of their own. A page that does not greet them is no page of theirs.
    """
    opened, wrote = Told(), Told()

    async def one(at: int, person: dict) -> None:
        browser = Browser(port, person["session"])
        await _open_today(browser, person, opened)
        await _write(browser, person["pupils"], day, wrote, at)
        await browser.close()

    async def all_of_them() -> None:
        await asyncio.gather(*(one(at, person) for at, person in enumerate(people)))

    _run(all_of_them)
    return opened, wrote


Ask = tuple[str, str, list | None]  # method, address, form


def in_turn(port: int, session: str, asks: list[Ask], status: int, *, plain=False) -> list[tuple[float, int]]:
    """This function will send requests one after the other: (seconds, bytes) of each; refuses to time a failure."""
    found = []

    async def all_of_them() -> None:
        browser = Browser(port, session, plain=plain)
        try:
            for method, address, form in asks:
                began = time.perf_counter()
                got, body = await asyncio.wait_for(browser.ask(method, address, form), PATIENCE)
                found.append((time.perf_counter() - began, len(body)))
                if got != status:
                    raise AssertionError(f"{address}: {got} instead of {status}: {body[-2000:]!r}")
        finally:
            await browser.close()

    _run(all_of_them)
    return found
