"""A round of recognition to play with: the cast, days of it, and each step in one call."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from bangfu.flow import clock, notice, recognition, recognition_form, recognition_group
from bangfu.flow.recognition_group import Opinion, Sitting, Verdict
from bangfu.records.models import Appraisal, FactStatement, RecognitionRound

TOLD = date(2026, 10, 8)
UNTIL = date(2026, 10, 14)
SAT = date(2026, 10, 15)
POSTED = date(2026, 10, 16)
LAST = date(2026, 10, 23)
AFTER = date(2026, 10, 26)
HOME = {"household_size": "4", "debt": "爷爷看病欠了钱", "members": [{"name": "陈大山", "relation": "父亲"}]}


def on_list(pupil, fact: str = "dibao", *, value: bool = True, source: str = "list:dibao", on: date = TOLD):
    """A statement of an office's list."""
    return FactStatement.objects.create(
        pupil=pupil, source=source, stated_on=on, known_at=clock.now(), values={fact: value}
    )


@dataclass
class Play:
    """The steps of a round by the people whose steps they are."""

    cast: object
    round: RecognitionRound = None
    told: dict = field(default_factory=dict)

    def by(self, staff: str, day: date):
        return self.cast.viewer(getattr(self.cast, staff), day)

    def begin(self, day: date = TOLD, until: date = UNTIL) -> "Play":
        officer = self.by("officer", day)
        self.round = recognition.open_round(by=officer)
        recognition.seat(round=self.round, staff=self.cast.homeroom, by=officer)
        recognition.seat(round=self.round, staff=self.cast.deputy_head, by=officer)
        self.round = recognition.tell(round=self.round, how="家长会上说的", apply_until=until, by=officer)
        return self

    def apply(self, *pupils, day: date = TOLD) -> "Play":
        for pupil in pupils:
            told = recognition_form.Told("奶奶", True, HOME)
            recognition_form.take(round=self.round, pupil=pupil, told=told, by=self.by("officer", day))
        return self

    def appraise(self, levels: dict, day: date = SAT) -> "Play":
        officer = self.by("officer", day)
        recognition.close_applications(round=self.round, by=officer)
        opinions = {pupil.pk: Opinion(("economy", "shock"), level, 2) for pupil, level in levels.items()}
        present = (self.cast.officer.pk, self.cast.homeroom.pk)
        recognition_group.appraise(
            round=self.round, opinions=opinions, by=officer, sitting=Sitting(day, present)
        )
        self.round = recognition_group.finish(round=self.round, by=officer)
        return self

    def decide(self, day: date = SAT, **verdicts) -> "Play":
        self.round = recognition_group.decide(
            round=self.round, verdicts=verdicts.get("verdicts", {}), by=self.by("principal", day)
        )
        return self

    def post(self, day: date = POSTED):
        return notice.post(round=self.round, contact="何老师，办公室当面说", by=self.by("officer", day))

    def archive(self, day: date = AFTER) -> RecognitionRound:
        return notice.archive(round=self.round, by=self.by("officer", day))

    def level_of(self, pupil) -> str | None:
        """What the school says of a child's home, by the newest statement."""
        rows = FactStatement.objects.filter(pupil=pupil, source="school").order_by("stated_on", "known_at")
        return rows.last().values["hardship_level"] if rows else None

    @property
    def minutes(self) -> Appraisal:
        return Appraisal.objects.get(round=self.round)


def verdict(level: str, because: str = "") -> Verdict:
    return Verdict(level, because)


def next_day(day: date) -> date:
    return day + timedelta(days=1)
