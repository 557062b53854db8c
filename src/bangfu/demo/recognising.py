"""A round of recognition in progress: lists, applications, minutes, a notice that hangs, an objection without a name.

All through the verbs people use, on the days before today, so that the demo can do nothing a school could not.
"""

from datetime import date, timedelta

from bangfu.demo.people import Town, afternoon
from bangfu.flow import notice, recognition, recognition_form, recognition_group
from bangfu.flow.recognition_group import Opinion, Sitting
from bangfu.records.access import viewer_of
from bangfu.records.models import FactStatement, Pupil

LISTED = {"dibao": 5, "exited_poor": 4}
ASKING = (
    ("奶奶", "困难", ("economy", "shock"), {"household_size": "5", "accident": "父亲在工地摔伤，半年没有收入"}),
    ("外公", "一般困难", ("economy",), {"household_size": "4", "weak_labour": "外公外婆年纪大，只种两亩地"}),
    ("母亲", "特别困难", ("shock", "economy"), {"household_size": "3", "debt": "看病借了六万", "income_per_head": "4000"}),
    ("父亲", "没有困难", ("spending",), {"household_size": "4", "other_event": "今年果园收成不好"}),
)  # fmt: skip


def recognise(town: Town) -> None:
    """This function will play a round up to the notice, which was posted two days ago."""
    principal, vice, officer = (town.staff[at] for at in (0, 1, 3))
    homeroom = next(iter(town.homeroom.values()))
    days = {
        name: town.today - timedelta(days=ago)
        for name, ago in (("tell", 27), ("apply", 23), ("sit", 9), ("post", 2))
    }
    _lists(town, days["tell"])
    by = viewer_of(officer, days["tell"])
    round = recognition.open_round(by=by)
    for staff in (vice, homeroom):
        recognition.seat(round=round, staff=staff, by=by)
    until = days["tell"] + timedelta(days=14)
    recognition.tell(round=round, how="家长会上说了，申请表发到每一家", apply_until=until, by=by)
    opinions = _apply(town, round, officer, days["apply"])
    by = viewer_of(officer, days["sit"])
    recognition.close_applications(round=round, by=by)
    sitting = Sitting(days["sit"], (officer.pk, vice.pk, homeroom.pk))
    recognition_group.appraise(round=round, opinions=opinions, sitting=sitting, by=by)
    recognition_group.finish(round=round, by=by)
    recognition_group.decide(round=round, verdicts={}, by=viewer_of(principal, days["sit"]))
    by = viewer_of(officer, days["post"])
    posted = notice.post(round=round, contact="办公室何老师，当面或打校办电话", by=by)
    notice.object_to(notice=posted, text="有一家刚盖了新房，请再看看。", by=viewer_of(officer, town.today))


def _lists(town: Town, on: date) -> None:
    """What two offices sent, for some of whom the school had heard so already."""
    wanted = dict(LISTED)
    for told in town.circumstances:
        fact = next((key for key, left in wanted.items() if left and told.values.get(key) is True), None)
        if fact:
            wanted[fact] -= 1
            FactStatement.objects.create(
                pupil=told.pupil,
                source=f"list:{fact}",
                stated_on=on,
                known_at=afternoon(on),
                values={fact: True},
            )


def _apply(town: Town, round, officer, on: date) -> dict:
    by, opinions = viewer_of(officer, on), {}
    listed = FactStatement.objects.filter(source__startswith="list:").values("pupil")
    here = Pupil.objects.filter(school=town.school).on_roll(town.today).exclude(pk__in=listed)
    here = here.filter(joined_on__lte=on).order_by("sort_key", "pk")
    for pupil, (who, level, factors, told) in zip(here[5 : 5 + len(ASKING)], ASKING, strict=False):
        told = recognition_form.Told(f"{pupil.name[0]}家{who}", True, told)
        recognition_form.take(round=round, pupil=pupil, told=told, by=by)
        opinions[pupil.pk] = Opinion(factors, level, 3)
    return opinions
