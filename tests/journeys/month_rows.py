"""One row of everything about leave, pauses and files to be shown that an address names, for the outsider's journey."""

from bangfu.flow import pauses
from tests.cast import DAY

WITH_IDS = {
    "leave_back": ["leave"],
    "leave_end": ["leave"],
    "pause_end": ["pause"],
    "pause_back": ["pause"],
    "inspection_file": ["pupil"],
    "guest_end": ["staff"],
}
WITHOUT_IDS = ("arranged", "pauses", "inspection", "pairs_workbook")


def rows(cast) -> dict:
    """Return a plan that rests."""
    rest = pauses.Rest(DAY, None, "看图说话周，先停一停")
    return {"pause": pauses.suspend(plan_key="growth_plan", rest=rest, by=cast.viewer(cast.principal))}
