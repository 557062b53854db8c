"""`bangfu bench chaos`: phones die, the network loses, doubles and delays, the server is killed; nothing may be lost.

Every run is two or three phones of two teachers of a class who write, change, take back and correct a family's fields;
at the end the books are read by another process and held against what the people meant. Seeded, so it can be repeated.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from bangfu.bench import Goal, Run, job
from bangfu.bench.chaos_phone import Killed, Phone
from bangfu.bench.chaos_server import Killable, Network
from bangfu.bench.school import Broken, surroundings
from bangfu.bench.served import PATIENCE

RUNS, QUICK = 1000, 40
AT_ONCE = 3
KILL_EVERY = 15  # runs between two deaths of the server
FIELDS = ("phone", "name", "relation", "work_place")
SCRAPS = "问了作业，今天平稳🙂“引号”\n第二行\t— ñ é 𠮷野 <b>&amp; 1/2 ' \" \\ \u200d。家里都好，下周再看"
SEED = 20261118

GOALS = (
    Goal("G-chaos-lost", "丢了的记录", "条", 0),
    Goal("G-chaos-doubled", "记了两遍的记录", "条", 0),
    Goal("G-chaos-letters", "少了或变了的字", "条", 0),
    Goal("G-chaos-order", "更正、撤销没有落在该落的那条上", "条", 0),
    Goal("G-chaos-missed", "同一项改了两次、没有发现", "处", 0),
    Goal("G-chaos-unmerged", "改的不是同一项、却没有合上", "处", 0),
    Goal("G-chaos-alarms", "误报的冲突", "处", 0),
    Goal("G-chaos-stuck", "网好了还传不上去、或者没有写明为什么的", "条", 0),
    Goal("G-chaos-week", "一位老师一周的 200 条一次传完，CPU 时间", "毫秒", 150),
)


@dataclass
class Meant:
    """What the people of one run meant: versions by record, what was taken back, what is somebody else's child, fields."""

    versions: dict[str, list[str]] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    fields: dict[tuple[str, str], dict[str, str]] = field(
        default_factory=dict
    )  # (guardian, field) → device → value
    left: int = 0


@job("chaos", title="手机、网络、服务器随便坏：一条不丢、一条不重", goals=GOALS)
def chaos(run: Run) -> None:
    """This function will run the phones against a real server and read the books afterwards."""
    runs = run.size or (QUICK if run.quick else RUNS)
    with tempfile.TemporaryDirectory() as folder:
        environment = surroundings(folder)
        run.progress("编一所学校")
        world = asked(environment, "make", str(runs))
        server = Killable(environment)
        try:
            meant, met = _all(run, server, world, runs)
        finally:
            server.kill(again=False)
        run.progress("读账")
        taken = asked(environment, "week")["cpu"]
        run.report("G-chaos-week", statistics.median(taken), samples=taken)
        _judge(run, meant, asked(environment, "read"), (*met.items(), ("服务器被杀", server.kills)))


def asked(environment: dict, *words: str) -> dict:
    """This function will have the school made, or its books read, by a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "bangfu.bench.chaos_made", *words],
        env=environment,
        capture_output=True,
        text=True,
    )
    if told.returncode:
        raise Broken(told.stderr[-4000:])
    return json.loads(told.stdout.splitlines()[-1])


def _all(run: Run, server: Killable, world: dict, runs: int) -> tuple[list[Meant], Counter]:
    met: Counter = Counter()
    turn = threading.Lock()
    done = [0]

    def one(number: int) -> Meant:
        phones: list[Phone] = []
        meant = play(number, server, world, phones)
        with turn:
            done[0] += 1
            met["手机死过"] += sum(phone.deaths for phone in phones)
            for phone in phones:
                met.update(phone.network.met)
            run.progress("手机在路上", done[0], runs)
            kills = done[0] % KILL_EVERY == 0
        if kills:
            server.kill()
        return meant

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(runs))), met


def play(number: int, server: Killable, world: dict, phones: list, phone_of: Callable = Phone) -> Meant:
    """This function will let the phones of one run write until all has arrived; gives what their people meant.

    `phone_of` makes them: here twins of the browser's outbox; a journey gives real browsers the same people.
    """
    meant = Meant()
    chance = random.Random(SEED + number)
    classes = world["classes"]
    here = classes[number % len(classes)]
    guardian = here["guardians"][number // len(classes)]
    far = classes[(number + 1) % len(classes)]["pupils"]
    people = [here["people"][0], here["people"][1], *([here["people"][0]] if chance.random() < 0.3 else [])]
    for person in people:
        phones.append(phone_of(person, Network(server.port, person["session"], chance), chance))
    for _ in range(chance.randrange(6, 16)):
        phone = chance.choice(phones)
        act = chance.choices((_write, _change, _undo, _field), (5, 2, 1, 3))[0]
        act(phone, meant, chance, {**world, "here": here["pupils"], "far": far, "guardian": guardian})
        if chance.random() < 0.5:
            _flush(phone)
    for phone in phones:
        phone.network.settle()
        phone.calm = True
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        until += server.coming_back()
        for phone in phones:
            _flush(phone)
            phone.retry()
        if not any("waiting" in phone.states() for phone in phones):
            break
        time.sleep(0.1)
    meant.left += sum(state in ("waiting", "refused", "") for phone in phones for state in phone.states())
    return meant


def _flush(phone: Phone) -> None:
    with suppress(Killed):
        phone.flush()


def _words(chance: random.Random) -> str:
    at = chance.randrange(len(SCRAPS) - 8)
    return f"〔{uuid4()}〕{SCRAPS[at:].strip()}尾"


def _sheet(day: str, note: str) -> dict:
    """A sheet as sending.js reads it: every field by its name, as a list."""
    return {"on": [day], "activities": ["talk"], "note": [note]}


def _write(phone: Phone, meant: Meant, chance: random.Random, world: dict) -> None:
    pk, note = str(uuid4()), _words(chance)
    away = chance.random() < 0.1
    pupils = chance.sample(world["far" if away else "here"], chance.choice((1, 1, 2)))
    about = {"talk.about": ["学习"], "talk.minutes": ["10"]}
    body = {"pupils": pupils, "form": _sheet(world["day"], note) | about}
    pk = phone.write("record", body, pk)
    meant.versions[pk], meant.authors[pk] = [note], phone.person["staff"]
    if away:
        meant.elsewhere.add(pk)
    phone.written.add(pk)


def _own(phone: Phone, meant: Meant, chance: random.Random) -> str | None:
    """A record of this very phone: another phone does not know its number before it has been at school."""
    mine = [
        pk
        for pk in meant.versions
        if pk in phone.written and pk not in meant.gone and pk not in meant.withdrawn
    ]
    return chance.choice(mine) if mine else None


def _change(phone: Phone, meant: Meant, chance: random.Random, world: dict) -> None:
    pk = _own(phone, meant, chance)
    if pk is None:
        return
    note = _words(chance)
    meant.versions[pk].append(note)
    body = {"evidence": pk, "form": _sheet(world["day"], note)}
    phone.write("amend", body, str(uuid4()))


def _undo(phone: Phone, meant: Meant, chance: random.Random, _world: dict) -> None:
    pk = _own(phone, meant, chance)
    if pk is None or len(meant.versions[pk]) > 1:
        return
    while True:
        was_here = phone.never_went(pk)
        with suppress(Killed):
            if phone.undo(pk):
                meant.gone.add(pk)
            else:
                meant.withdrawn.add(pk)
                phone.write("withdraw", {"evidence": pk}, str(uuid4()))
            return
        if was_here and not phone.holds(pk):
            meant.gone.add(pk)  # the page died just afterwards: its owner sees that it is gone
            return


def _field(phone: Phone, meant: Meant, chance: random.Random, world: dict) -> None:
    name, guardian = chance.choice(FIELDS), world["guardian"]
    value = str(chance.randrange(10**9, 10**10)) if name == "phone" else f"值{chance.randrange(10**9)}"
    body = {"guardian": guardian, "field": name, "base": world["bases"][name], "value": value}
    meant.fields.setdefault((guardian, name), {})[phone.device] = value
    phone.write("profile", body, str(uuid4()))


def judged(meant: list[Meant], books: dict) -> Counter:
    """This function will hold what is in the books against what was meant: how many of each fault."""
    found: Counter = Counter()
    rows = {pk: (amends, note) for pk, amends, note, _gone, _author in books["records"]}
    authors = {pk: author for pk, _a, _n, _g, author in books["records"]}
    notes = Counter(note for _amends, note in rows.values())
    after = {amends: pk for pk, (amends, _note) in rows.items() if amends}
    taken_back = set(books["withdrawn"])
    waiting: dict[tuple, list[str]] = {}
    for guardian, name, value, _device in books["conflicts"]:
        waiting.setdefault((guardian, name), []).append(value)
    for one in meant:
        found["left"] += one.left
        for pk, versions in one.versions.items():
            _record(found, (pk, versions), one, (rows, after, taken_back, books["held"], notes, authors))
        for key, values in one.fields.items():
            _one_field(found, values, books["fields"][key[0]][key[1]], waiting.pop(key, []))
    found["alarms"] += sum(map(len, waiting.values()))
    return found


def _judge(run: Run, meant: list[Meant], books: dict, beside: tuple) -> None:
    found = judged(meant, books)
    counted = [
        ("记录", float(sum(len(one.versions) for one in meant))),
        *((name, float(n)) for name, n in beside),
    ]
    for goal in ("lost", "doubled", "letters", "order", "missed", "unmerged", "alarms"):
        run.report(f"G-chaos-{goal}", found[goal], beside=counted if goal == "lost" else ())
    contested = sum(len(values) > 1 for one in meant for values in one.fields.values())
    run.report("G-chaos-stuck", found["left"], beside=[("同一项改了两次", float(contested))])


def _record(found: Counter, which: tuple, one: Meant, books: tuple) -> None:
    pk, versions = which
    rows, after, taken_back, held, notes, authors = books
    if pk in one.gone:
        found["doubled"] += pk in rows or pk in held
        return
    if pk in one.elsewhere:
        if pk in one.withdrawn:
            found["order"] += pk in held
        elif pk not in held:
            found["lost"] += 1
        else:
            found["letters"] += held[pk] != versions[-1]
        return
    if pk not in rows:
        found["lost"] += 1
        return
    chain, at = [rows[pk][1]], pk
    while at in after:
        at = after[at]
        chain.append(rows[at][1])
    found["lost"] += max(0, len(versions) - len(chain))
    found["doubled"] += max(0, len(chain) - len(versions)) + sum(notes[note] > 1 for note in versions)
    found["letters"] += len(chain) == len(versions) and chain != versions
    found["order"] += (pk in one.withdrawn) != (at in taken_back)
    found["letters"] += authors[pk] != one.authors[pk]


def _one_field(found: Counter, values: dict[str, str], stands: str, waiting: list[str]) -> None:
    """One device's last word stands, every other device's last word waits beside it; alone, nothing waits."""
    last = sorted(values.values())
    if len(last) == 1:
        found["unmerged"] += stands != last[0]
        found["alarms"] += len(waiting)
        return
    found["missed"] += len(set(last) - {stands, *waiting})
    found["alarms"] += max(0, len(waiting) - (len(last) - 1))
    found["letters"] += stands not in last
