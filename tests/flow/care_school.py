"""The cast with two counsellors: what a test of care stands on."""

from datetime import date

import pytest

from bangfu.flow import care, care_notes
from bangfu.records.models import CareCase, Staff
from tests import factories
from tests.cast import DAY


class School:
    """The cast, two counsellors, and short ways to what a story needs."""

    def __init__(self, cast):
        self.cast = cast
        self.zhou = factories.staff(cast.school, "周静", "zhou", ("counsellor", None))
        self.feng = factories.staff(cast.school, "冯敏", "feng", ("counsellor", None))

    def viewer(self, staff: Staff, day: date = DAY):
        return self.cast.viewer(staff, day)

    @property
    def by(self):
        return self.viewer(self.zhou)

    def referred(self, at: int = 0, note: str = "午睡一直睡不着", by: Staff | None = None):
        seen = care.Seen(("睡不好",), note)
        return care.refer(pupil=self.cast.pupils[at], seen=seen, by=self.viewer(by or self.cast.homeroom))

    def case(self, at: int = 0) -> CareCase:
        return care.take_on(referral=self.referred(at), by=self.by)

    def written(self, case: CareCase, text: str = "说想妈妈", **more):
        return care_notes.write(case=case, said=care_notes.Said(on=DAY, state=text), by=self.by, **more)


@pytest.fixture
def school(cast) -> School:
    """Two counsellors at the cast's school."""
    return School(cast)
