"""Rows of one child, one sponsor for the outsider's journey: a sponsor and a family that said yes."""

from bangfu.records.models import Case, Sponsor, SponsorPair
from tests.cast import DAY

WITH_IDS = {
    "sponsor_stop": ["giver"],
    "sponsor_answer": ["case", "sponsor"],
    "sponsor_consent": ["case", "sponsor"],
    "sponsor_start": ["given"],
    "sponsor_end": ["given"],
    "sponsor_taken_back": ["given"],
    "sponsor_letter": ["given"],
    "visit_blank": ["pupil"],
    "visit_sheet": ["evidence"],
}
WITHOUT_IDS = ("sponsors", "sponsor_new", "setup_visits")


def rows(cast) -> dict:
    """Return a sponsor and the yes of the first child's family."""
    giver = Sponsor.objects.create(
        school=cast.school, name="看图说话基金", promised_on=DAY, since=DAY, noted_by=cast.officer
    )
    given = SponsorPair.objects.create(
        case=Case.objects.filter(pupil=cast.pupils[0]).first(), plan_key="weekly_support", kind="sponsor",
        state="agreed", alias="看图说话", answered_by="奶奶", answered_on=DAY, answered_how="paper",
        noted_by=cast.homeroom,
    )  # fmt: skip
    return {"giver": giver, "given": given}
