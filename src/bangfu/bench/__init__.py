"""The frame of `bangfu bench`: a job measures, beside a floor or a peer in the same run, and goals judge.

In: a job's samples. Out: one outcome a goal, met or not. A goal nobody measured is not met.
"""

import gc
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Goal:
    """A number to reach: measured ≤ limit, or measured ≤ limit × what `against` took in the same run."""

    id: str
    title: str
    unit: str
    limit: float
    against: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a goal came to. `measured` and `reference` are in the goal's unit."""

    goal: Goal
    measured: float | None
    reference: float | None = None
    samples: tuple[float, ...] = ()
    beside: tuple[tuple[str, float], ...] = ()

    @property
    def score(self) -> float | None:
        """What is held against the limit: the figure itself, or its ratio to the peer."""
        if not self.goal.against:
            return self.measured
        if self.measured is None or not self.reference:
            return None
        return self.measured / self.reference

    @property
    def met(self) -> bool:
        return self.score is not None and self.score <= self.goal.limit

    def as_values(self) -> dict:
        """This function will give the outcome as plain values for --json."""
        goal = self.goal
        return {
            "id": goal.id,
            "title": goal.title,
            "unit": goal.unit,
            "measured": self.measured,
            "against": {"name": goal.against, "measured": self.reference} if goal.against else None,
            "score": self.score,
            "limit": goal.limit,
            "met": self.met,
            "samples": summary(self.samples) if self.samples else None,
            "beside": dict(self.beside),
        }


@dataclass(frozen=True, slots=True)
class Samples:
    """Seconds of several runs of one thing: wall clock and CPU of this process, in order."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]


class Run:
    """One run of a job: collects outcomes. `quick` means fewer repetitions; a job that shrinks its data says so.

    `size` is what somebody asked for (runs of chaos); None leaves it to the job.
    """

    def __init__(
        self, goals: Sequence[Goal], *, quick: bool, progress: Callable, size: int | None = None
    ) -> None:
        self.goals = {goal.id: goal for goal in goals}
        self.quick, self.size = quick, size
        self.progress = progress
        self._outcomes: dict[str, Outcome] = {}

    def report(
        self,
        goal_id: str,
        measured: float,
        *,
        reference: float | None = None,
        samples: Sequence[float] = (),
        beside: Sequence[tuple[str, float]] = (),
    ) -> None:
        """This function will note what a goal came to; an unknown goal id is a KeyError, a bug of the job."""
        goal = self.goals[goal_id]
        self._outcomes[goal_id] = Outcome(goal, measured, reference, tuple(samples), tuple(beside))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """One for every goal of the job, in the order the job declares them."""
        return tuple(
            self._outcomes.get(goal_id) or Outcome(goal, None) for goal_id, goal in self.goals.items()
        )


@dataclass(frozen=True, slots=True)
class Job:
    """A named measurement with the goals it must reach."""

    name: str
    title: str
    goals: tuple[Goal, ...]
    measure: Callable[[Run], None]

    def run(self, *, quick: bool, progress: Callable, size: int | None = None) -> tuple[Outcome, ...]:
        """This function will measure everything and judge every goal."""
        run = Run(self.goals, quick=quick, progress=progress, size=size)
        self.measure(run)
        return run.outcomes


@dataclass
class Registry:
    """The jobs that exist; a module of this room registers one with @jobs.job(...)."""

    jobs: dict[str, Job] = field(default_factory=dict)

    def job(self, name: str, *, title: str, goals: Sequence[Goal]) -> Callable:
        """This function will register the decorated function as the job `name`."""

        def register(measure: Callable[[Run], None]) -> Callable[[Run], None]:
            self.jobs[name] = Job(name, title, tuple(goals), measure)
            return measure

        return register


JOBS = Registry()
job = JOBS.job


def timed(action: Callable[[], object], *, repeat: int, warm: int = 1) -> Samples:
    """This function will run an action `warm` times unmeasured, then `repeat` times measured."""
    for _ in range(warm):
        action()
    walls, cpus = [], []
    for _ in range(repeat):
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        action()
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    return Samples(tuple(walls), tuple(cpus))


def interleaved(
    ours: Callable[[], object], peer: Callable[[], object], *, repeat: int
) -> tuple[Samples, Samples]:
    """This function will time two actions turn by turn, so that a noisy moment hits both."""
    first, second = [], []
    timed(ours, repeat=0), timed(peer, repeat=0)
    for _ in range(repeat):
        first.append(timed(ours, repeat=1, warm=0))
        second.append(timed(peer, repeat=1, warm=0))
    return tuple(
        Samples(tuple(one.wall[0] for one in runs), tuple(one.cpu[0] for one in runs))
        for runs in (first, second)
    )


def percentile(values: Sequence[float], share: float) -> float:
    """This function will give the value that `share` of the samples do not exceed (nearest rank)."""
    ordered = sorted(values)
    position = -(-len(ordered) * share // 1)  # rounded up
    return ordered[max(int(position), 1) - 1]


def summary(values: Sequence[float]) -> dict[str, float]:
    """This function will sum samples up: how many, median, p95, smallest, largest."""
    return {
        "n": len(values),
        "median": statistics.median(values),
        "p95": percentile(values, 0.95),
        "min": min(values),
        "max": max(values),
    }


def machine() -> dict:
    """This function will describe the machine without naming it."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "cpus": os.cpu_count(),
        "cpu": _cpu_model(),
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def _cpu_model() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(
                (line.partition(":")[2].strip() for line in file if line.startswith("model name")), ""
            )
    except OSError:
        return platform.processor()
