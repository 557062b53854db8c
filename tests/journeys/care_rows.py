"""Rows of care for the outsider's journey: a referral, a case with a note, an alarm, an asked glass, a report."""

from bangfu.flow import care, care_advice, care_danger, care_glass, care_notes, care_report
from bangfu.records.models import ScreeningResult
from bangfu.records.wall import Wall
from tests import factories
from tests.cast import DAY

WITH_IDS = {
    "care_take": ["referral"],
    "care_answer": ["referral"],
    "care_back": ["referral"],
    "care_case": ["care_case"],
    "care_share": ["care_case"],
    "care_family": ["care_case"],
    "care_close": ["care_case"],
    "care_file": ["care_case"],
    "care_unshare": ["advice"],
    "care_tell": ["screened"],
    "care_begin": ["screened"],
    "danger": ["pupil"],
    "alarm": ["alarm"],
    "alarm_take": ["alarm"],
    "alarm_back": ["alarm"],
    "glass": ["glass"],
    "glass_answer": ["glass"],
    "glass_file": ["glass"],
    "harm_file": ["harm_report"],
}
WITHOUT_IDS = (
    "care", "care_refer", "care_group", "care_rules", "care_forget", "care_hand", "care_results", "glasses", "harm_reports",
)  # fmt: skip


def rows(cast) -> dict:
    """Return one row of everything care names in an address."""
    zhou = cast.viewer(factories.staff(cast.school, "周静", "zhou", ("counsellor", None)))
    by, child = cast.viewer(cast.homeroom), cast.pupils[3]
    seen = care.Seen(("睡不好",), "看图说话")
    case = care.take_on(referral=care.refer(pupil=cast.pupils[4], seen=seen, by=by), by=zhou)
    care_notes.write(case=case, said=care_notes.Said(on=DAY, state="看图说话"), by=zhou)
    screened = ScreeningResult(pupil=child, keeper=zhou.staff, brought_on=DAY)
    screened.shut("{}", Wall.of(zhou))
    screened.save()
    found = care_report.Found(kind="harmed", facts="看图说话", on=DAY)
    return {
        "referral": care.refer(pupil=child, seen=seen, by=by),
        "care_case": case,
        "advice": care_advice.share(case=case, text="看图说话", audience="both", by=zhou),
        "screened": screened,
        "alarm": care_danger.escalate(pupil=child, kind="harm_self", by=by),
        "glass": care_glass.ask(pupil=child, reason="看图说话，为了安全要看", by=cast.viewer(cast.principal)),
        "harm_report": care_report.report(pupil=child, found=found, by=by),
    }
