"""Builds the school, signs its staff in and visits its pages; a line of JSON on stdout for each step and goal.

In: a Workload as JSON, and the environment bench/school.py lays out. Times are the server's own: from the request
in to the answer out, through every middleware, with a real session; nothing is measured with a cold cache.
"""

import gzip
import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import django

from bangfu.bench import intake, interleaved, percentile, summary
from bangfu.bench.school import Workload

PASSWORD = "bangfu-bench"  # noqa: S105 - of an invented school
SEED = 11


def say(**told) -> None:
    """This function will tell the parent process something."""
    print(json.dumps(told), flush=True)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, with the children there is something to record about."""

    staff: object
    client: object
    username: str
    pupils: tuple


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of several visits: wall clock, and CPU of the serving thread."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]


def visit(action: Callable[[], object], status: int = 200) -> tuple[float, float]:
    """This function will time one request in milliseconds and refuse to time a failure."""
    wall, cpu = time.perf_counter(), time.thread_time()
    answer = action()
    wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
    if answer.status_code != status:
        raise AssertionError(f"{answer.status_code} instead of {status}: {answer.content[-3000:]!r}")
    return wall * 1000, cpu * 1000


def taken(actions: Sequence[Callable[[], object]], *, warm: int = 3, status: int = 200) -> Taken:
    """This function will time every action once, after a few that don't count."""
    for action in actions[:warm]:
        visit(action, status)
    both = [visit(action, status) for action in actions]
    return Taken(tuple(one for one, _ in both), tuple(two for _, two in both))


def report(goal: str, found: Taken, floor: Taken, size: str) -> None:
    """This function will tell the 95th percentile of a page, beside it the CPU and what an empty page took."""
    beside = [
        (f"中位数（{size}）", summary(found.wall)["median"]),
        ("其中 CPU，95%", percentile(found.cpu, 0.95)),
        ("其中 CPU，中位数", summary(found.cpu)["median"]),
        ("下限，95%", percentile(floor.wall, 0.95)),
        ("下限，中位数", summary(floor.wall)["median"]),
    ]
    say(goal=goal, measured=percentile(found.wall, 0.95), samples=found.wall, beside=beside)


def build(workload: Workload) -> str:
    """This function will make the database and the school; gives its size in words."""
    from django.core.management import call_command
    from django.db import connection

    from bangfu.demo.people import Size
    from bangfu.demo.school import build as invent
    from bangfu.records.models import Evidence, Pupil, Staff

    call_command("migrate", verbosity=0, interactive=False)
    size = Size(
        classes_per_grade=workload.classes_per_grade,
        pupils_per_class=workload.pupils_per_class,
        staff=workload.staff,
    )
    invent(size=size)
    with connection.cursor() as cursor:  # the real settings, or nothing is worth measuring
        modes = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    if modes != ["wal", 2]:
        raise AssertionError(f"not the real settings: {modes}")
    counts = Pupil.objects.count(), Staff.objects.count(), Evidence.objects.count()
    return "{:,} 名学生、{:,} 名教师、{:,} 条记录".format(*counts)


def people(workload: Workload) -> list[Person]:
    """This function will sign in the leaders (the principal first), the office, and class teachers from all over."""
    from django.contrib.auth.hashers import make_password

    from bangfu.records.models import Case, Staff, User

    secret = make_password(PASSWORD)
    named = list(Staff.objects.filter(user__isnull=False).exclude(grants__role="homeroom_teacher"))
    named.sort(key=lambda staff: (not staff.grants.filter(role="principal").exists(), staff.user.username))
    roles = ("homeroom_teacher", "class_attached_teacher")
    teachers = list(Staff.objects.filter(grants__role__in=roles).distinct().order_by("phone", "pk"))
    random.Random(SEED).shuffle(teachers)  # noqa: S311 - a sample, the same every time
    found = []
    for number, staff in enumerate((named + teachers)[: workload.visitors]):
        if staff.user is None:
            staff.user = User(username=f"bench{number}")
        staff.user.password = secret
        staff.user.save()
        staff.save(update_fields=["user"])
        helped = Case.objects.filter(pairings__helper=staff, closed_on=None).order_by("pk")
        pupils = tuple(helped.values_list("pupil_id", flat=True))
        found.append(Person(staff, signed_in(staff.user.username), staff.user.username, pupils))
    return found


def signed_in(username: str):
    """This function will sign somebody in the way a browser does and give the client with the session."""
    from django.test.client import Client

    client = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1", headers={"accept-encoding": "gzip"})
    client.get("/sign-in")
    asked = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token(client)}
    if client.post("/sign-in", asked).status_code != 302:
        raise AssertionError("nobody was let in")
    return client


def token(client) -> str:
    """This function will give the token a form of this client carries."""
    return client.cookies["csrftoken"].value


def pages(staff: list[Person], workload: Workload, size: str) -> None:
    """This function will visit today's page, children's files and the board, and a page that does nothing."""
    from bangfu.records.models import Case

    chance = random.Random(SEED)  # noqa: S311
    everybody = list(Case.objects.filter(closed_on=None).order_by("pk").values_list("pupil_id", flat=True))
    turns = [person for _ in range(workload.rounds) for person in staff]
    principal = staff[0]
    readers = [(p, chance.choice(p.pupils)) for p in turns if p.pupils]
    readers += [(principal, chance.choice(everybody)) for _ in range(workload.rounds)]
    floor = taken([lambda p=p: p.client.get("/plain/nothing") for p in turns])
    today = taken([lambda p=p: p.client.get("/") for p in turns])
    report("G-school-today", today, floor, size)
    file = taken([lambda p=p, pk=pk: p.client.get(f"/pupils/{pk}") for p, pk in readers])
    report("G-school-file", file, floor, size)
    say(progress=["看板", 4, 8])
    board = taken([lambda: principal.client.get("/board")] * workload.boards)
    report("G-school-board", board, floor, size)
    say(progress=["名单页和普通 Django 页轮流", 5, 8])
    lists(principal, workload)


def lists(principal: Person, workload: Workload) -> None:
    """This function will take turns between our list of 50 and the plain one, page by page, and count our queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visited = {"/pupils": 0, "/plain/pupils": 0}
    deepest = max(1, 6 * workload.classes_per_grade * workload.pupils_per_class // 50)

    def turn(address: str):
        visited[address] += 1
        visit(lambda: principal.client.get(f"{address}?page={visited[address] % deepest + 1}"))

    ours, plain = interleaved(lambda: turn("/pupils"), lambda: turn("/plain/pupils"), repeat=workload.lists)
    mine, theirs = ([second * 1000 for second in one.cpu] for one in (ours, plain))
    beside = [
        ("95%", percentile(mine, 0.95)),
        ("对照的 95%", percentile(theirs, 0.95)),
        ("实际用时中位数", summary(ours.wall)["median"] * 1000),
        ("对照的实际用时中位数", summary(plain.wall)["median"] * 1000),
    ]
    say(
        goal="G-school-list", measured=summary(mine)["median"], reference=summary(theirs)["median"],
        samples=mine, beside=beside,
    )  # fmt: skip
    asked = {}
    for address in visited:
        with CaptureQueriesContext(connection) as queries:
            answer = principal.client.get(address)
        asked[address] = len(queries)
        shown = gzip.decompress(answer.content).count(b'class="who"')
        if shown != 50:
            raise AssertionError(f"{address} shows {shown} children instead of 50")
    say(
        goal="G-school-list-queries",
        measured=asked["/pupils"],
        beside=[("普通 Django 页", asked["/plain/pupils"])],
    )


def records(staff: list[Person], workload: Workload, size: str) -> None:
    """This function will record talks and lessons the way the sheet posts them, in turns with a bare insert."""
    turns = [p for _ in range(workload.rounds) for p in staff if p.pupils]
    chance = random.Random(SEED)  # noqa: S311
    ours, floor = [], []
    for number, person in enumerate(turns):
        pupil = str(chance.choice(person.pupils))
        sheet = person.client.get(f"/record/new?pupil={pupil}")
        if sheet.status_code != 200:
            raise AssertionError("the sheet does not open")
        asked = {"csrfmiddlewaretoken": token(person.client), "pupil": pupil, "note": "说了说这一周，挺好。"}
        filled = asked | {
            "id": str(uuid4()), "on": on_day(), "activities": ["talk", "tutoring"], "talk.about": ["学习", "心情"],
            "talk.today": "平稳", "talk.minutes": "10", "tutoring.minutes": "10",
        }  # fmt: skip
        here = visit(lambda p=person, a=filled: p.client.post("/record/new", a), 302)
        bare = visit(lambda p=person, a=asked: p.client.post("/plain/record", a), 302)
        person.client.get("/")  # shows the sentence that was left in the session
        if number >= 3:
            ours.append(here)
            floor.append(bare)
    report("G-school-record", Taken(*zip(*ours, strict=True)), Taken(*zip(*floor, strict=True)), size)


def on_day() -> str:
    """This function will give the day everything happens on."""
    from bangfu.flow import clock

    return clock.today().isoformat()


def weight(staff: list[Person]) -> None:
    """This function will weigh today's page with every style, script and picture it loads, each compressed."""
    heaviest, parts = 0.0, {}
    for person in staff:
        html = gzip.decompress(person.client.get("/").content)
        files = set(re.findall(rb'(?:href|src)="(/static/[^"#]+)', html))
        loaded = {name.decode().split("?")[0]: _file(person.client, name.decode()) for name in files}
        weighed = {
            name: len(gzip.compress(body, 6)) / 1024 for name, body in {"HTML": html, **loaded}.items()
        }
        if sum(weighed.values()) > heaviest:
            heaviest, parts = sum(weighed.values()), weighed
    names = [(name.rpartition("/")[2], size) for name, size in sorted(parts.items(), key=lambda one: -one[1])]
    say(goal="G-school-weight", measured=heaviest, beside=names)


def _file(client, address: str) -> bytes:
    answer = client.get(address, headers={"accept-encoding": "identity"})
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


class Telling:
    """What a job's Run is to the parent process: whatever is reported here is told to it."""

    quick = True

    def report(self, goal: str, measured: float, **more) -> None:
        """This function will tell a goal's figure."""
        say(goal=goal, measured=measured, **more)

    def progress(self, *step) -> None:
        """This function will tell a step."""
        say(progress=step)


def main() -> None:
    """This function will do everything in order."""
    workload = Workload(**json.loads(sys.argv[1]))
    django.setup()
    from django.conf import settings
    from django.utils.module_loading import import_string

    import_string(settings.WSGI_APPLICATION)  # what a server does once when it starts
    settings.ROOT_URLCONF = "bangfu.bench.plain_page"  # ours, and the peers beside them
    say(progress=["建学校", 1, 8])
    size = build(workload)
    say(progress=[f"登录（{size}）", 2, 8])
    staff = people(workload)
    say(progress=["今日待办和学生页面", 3, 8])
    pages(staff, workload, size)
    say(progress=["记一笔", 6, 8])
    records(staff, workload, size)
    weight(staff)
    say(progress=["启动服务器，看 200 页", 7, 8])
    from bangfu.bench import served

    served.report([(p.username, p.pupils) for p in staff], PASSWORD, workload.views, say)
    intake.compare(Telling(), workload.roll)


if __name__ == "__main__":
    main()
