"""The third comparison: open files against what an office's list says of a pupil and what still holds."""

from datetime import date

import pytest

from bangfu.flow import catchment, dropout
from bangfu.records.models import FactStatement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("source", "values", "until", "is_on"),
    [
        ("list:exited_poor", {"exited_poor": True}, None, True),
        ("list:exited_poor", {"relapse_risk": True}, None, True),
        ("list:exited_poor", {"exited_poor": True}, date(2026, 10, 1), False),
        ("list:exited_poor", {"exited_poor": False}, None, False),
        ("list:dibao", {"dibao": True}, None, False),
        ("told", {"exited_poor": True}, None, False),
    ],
)
def test_files_are_held_against_what_an_office_certified(cast, source, values, until, is_on):
    FactStatement.objects.create(
        pupil=cast.pupils[0], source=source, stated_on=date(2026, 9, 1), known_at="2026-09-01T08:00+08:00",
        values=values, valid_to=until,
    )  # fmt: skip
    file = dropout.open_file(
        about=cast.pupils[0], opening=dropout.Opening(date(2026, 10, 12)), by=cast.viewer(cast.homeroom)
    )
    seen = catchment.compared(cast.viewer(cast.principal))
    assert seen.poor == ([(file.pk, "陈小满")] if is_on else [])
