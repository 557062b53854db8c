"""The demo's counsellor: a child somebody asked for, another taken on with two notes and one sentence shared."""

from datetime import timedelta

from bangfu.demo.people import Town
from bangfu.flow import care, care_advice, care_notes
from bangfu.records.access import viewer_of

LAST = slice(-3, None)  # of 李老师's class: other stories begin at its first seats


def care_for(town: Town) -> None:
    """This function will let the class teacher ask twice, and the counsellor take one on."""
    school_class = next(iter(town.homeroom))
    teacher = viewer_of(town.homeroom[school_class], town.today)
    counsellor = viewer_of(town.staff[4], town.today)
    first, second, third = town.pupils[school_class][LAST]
    care.refer(pupil=first, seen=care.Seen(("不太说话",), "这两周课间一个人坐着，问她也只摇头。"), by=teacher)
    for pupil, chip in ((second, "睡不好"), (third, "和同学处不好")):
        asked = care.refer(pupil=pupil, seen=care.Seen((chip,)), by=teacher)
        case = care.take_on(referral=asked, by=counsellor)
        said = care_notes.Said(
            on=town.today,
            safety="平安",
            state="画了一张家里的画，愿意下次再来。",
            response="一起说了三件做得好的事。",
        )
        care_notes.write(case=case, said=said, next_on=town.today + timedelta(days=7), by=counsellor)
    care_advice.share(
        case=care.begin(pupil=second, by=counsellor),
        text="请多留意睡眠",
        audience="class_teacher",
        by=counsellor,
    )
