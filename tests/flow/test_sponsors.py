"""One child, one sponsor: nothing before the family's yes, one by the database, and nothing told but alias and grade."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bangfu.flow import adopt, identify, sponsor_papers, sponsors
from bangfu.records import limits
from bangfu.records.models import AdoptedPlan, Enrolment, Event, Guardian, PairingLimit, Sponsor, SponsorPair
from bangfu.records.seal import blind
from tests import factories
from tests.cast import DAY

pytestmark = pytest.mark.django_db
KIND = "sponsor"
YES = sponsors.Answer(True, "奶奶 陈秀英", DAY, "paper", wishes=("课外书", "写信鼓励"))


@pytest.fixture
def school(cast):
    """The cast with the whole-school plan, two children of it, and the caps the plan sets."""
    AdoptedPlan.objects.all().delete()
    row = factories.plan(cast.school, key="whole_school", edition="recommended")
    rule = next(rule for rule in adopt.plan_of(row).pairings if rule.kind == "sponsor")
    PairingLimit.objects.get_or_create(
        school=cast.school, plan_key=row.key, kind=rule.key,
        defaults={"per_case_max": rule.per_case.max, "per_helper_max": rule.per_helper.max},
    )  # fmt: skip
    cast.cases = [
        factories.case(pupil, of=("whole_school", "hard_up"), by=cast.homeroom) for pupil in cast.pupils[:3]
    ]
    return cast


def said(school, at=0, answer=YES, by=None):
    return sponsors.note_answer(
        case=school.cases[at], kind=KIND, answer=answer, by=school.viewer(by or school.homeroom)
    )


def giver(school, name="爱心人士甲", phone="", places=1):
    row = Sponsor(name=name, places=places, promised_on=DAY)
    return sponsors.welcome(sponsor=row, phone=phone, by=school.viewer(school.officer))


def begun(school, at=0, sponsor=None, answer=YES):
    pair = said(school, at, answer)
    return sponsors.confirm(pair=pair, sponsor=sponsor or giver(school), by=school.viewer(school.principal))


def test_a_family_is_asked_then_a_sponsor_is_suggested_and_begins(school):
    pair, sponsor = said(school), giver(school)
    officer = school.viewer(school.officer)
    plan, rule = sponsors.sponsored(school.school, DAY)[0]
    assert sponsors.suggest(plan, rule, officer) == {pair.pk: (sponsor.pk, "还可以帮 1 名学生")}
    row = sponsors.confirm(pair=pair, sponsor=sponsor, by=officer)
    assert (row.state, row.valid_from, row.confirmed_by) == ("confirmed", DAY, school.officer)
    assert sponsors.confirm(pair=pair, sponsor=sponsor, by=officer).pk == row.pk
    verbs = Event.objects.filter(verb__startswith="sponsor.").order_by("at").values_list("verb", flat=True)
    assert sorted(verbs) == ["sponsor.answer", "sponsor.confirm", "sponsor.welcome"]


def test_no_door_lets_a_sponsor_begin_before_the_family_said_yes(school):
    no = said(school, answer=sponsors.Answer(False, "奶奶", DAY, "phone"))
    with pytest.raises(sponsors.AnsweredAlready):
        sponsors.confirm(pair=no, sponsor=giver(school), by=school.viewer(school.principal))
    bare = {
        "case": school.cases[1], "plan_key": "whole_school", "kind": KIND, "sponsor": Sponsor.objects.get(),
        "state": "confirmed", "alias": "小雨", "answered_how": "phone", "noted_by": school.officer,
        "confirmed_by": school.officer,
    }  # fmt: skip
    tomorrow = DAY + timedelta(days=1)
    for wrong in (
        {"answered_by": "", "answered_on": DAY, "valid_from": DAY},  # nobody said yes
        {"answered_by": "奶奶", "answered_on": tomorrow, "valid_from": DAY},  # not yet
        {"answered_by": "奶奶", "answered_on": DAY, "valid_from": DAY, "taken_back_on": DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SponsorPair.objects.bulk_create([SponsorPair(**bare | wrong)])


def test_one_sponsor_has_one_child_through_every_door(school):
    sponsor = giver(school, places=5)  # the plan says one, whatever was offered
    begun(school, 0, sponsor)
    second = said(school, 1)
    plan, rule = sponsors.sponsored(school.school, DAY)[0]
    assert sponsors.suggest(plan, rule, school.viewer(school.officer)) == {}
    with pytest.raises(sponsors.NotFree, match="请换一位资助人"):
        sponsors.confirm(pair=second, sponsor=sponsor, by=school.viewer(school.principal))
    values = {"state": "confirmed", "sponsor": sponsor, "confirmed_by": school.officer, "valid_from": DAY}
    with pytest.raises(limits.AtLimit), limits.calm():
        SponsorPair.objects.filter(pk=second.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_sponsorpair SET state = 'confirmed', sponsor_id = %s, confirmed_by_id = %s, valid_from = %s "
            "WHERE id = %s",
            [
                SponsorPair._meta.get_field(name).get_db_prep_value(value, connection)
                for name, value in (
                    ("sponsor", sponsor.pk), ("confirmed_by", school.officer.pk), ("valid_from", DAY), ("id", second.pk),
                )
            ],
        )  # fmt: skip


def test_one_child_has_one_sponsor_and_one_open_answer(school):
    begun(school)
    with pytest.raises(sponsors.AnsweredAlready):
        said(school)
    copy = SponsorPair.objects.get()
    copy.pk, copy.state, copy.sponsor = None, "agreed", None
    with pytest.raises(limits.Taken), limits.calm():
        SponsorPair.objects.bulk_create([copy])


def test_a_pair_in_force_is_neither_rewritten_nor_deleted(school):
    pair, other = begun(school), giver(school, "爱心人士乙")
    for change in (lambda rows: rows.update(sponsor=other), lambda rows: rows.delete()):
        with pytest.raises(limits.Settled), limits.calm():
            change(SponsorPair.objects.filter(pk=pair.pk))


def test_a_family_takes_its_yes_back_any_day_and_the_sponsor_ends_with_it(school):
    pair = begun(school)
    later = DAY + timedelta(days=7)
    row = sponsors.take_back(pair=pair, by=school.viewer(school.homeroom, later))
    assert (row.state, row.valid_to, row.taken_back_on) == ("ended", later, later)
    assert sponsors.take_back(pair=pair, by=school.viewer(school.homeroom, later)).state == "ended"
    assert SponsorPair.objects.in_force(DAY).count() == 1 and not SponsorPair.objects.in_force(later).exists()
    again = sponsors.Answer(True, "奶奶", later, "in_person")
    case = school.cases[0]
    assert (
        sponsors.note_answer(case=case, kind=KIND, answer=again, by=school.viewer(school.homeroom, later)).pk
        != row.pk
    )


def test_a_yes_taken_back_before_anybody_began_leaves_nobody_waiting(school):
    row = sponsors.take_back(pair=said(school), by=school.viewer(school.homeroom))
    assert row.state == "declined" and row.valid_from is None
    plan, rule = sponsors.sponsored(school.school, DAY)[0]
    assert school.cases[0] in sponsors.to_ask(plan, rule, school.viewer(school.homeroom))


def test_a_sponsor_who_stops_frees_the_child_and_the_family_is_asked_again(school):
    sponsor = giver(school)
    begun(school, 0, sponsor)
    officer = school.viewer(school.officer)
    with pytest.raises(sponsors.SayWhy):
        sponsors.stop(sponsor=sponsor, because=" ", by=officer)
    assert sponsors.stop(sponsor=sponsor, because="去外地工作", by=officer) == 1
    assert sponsors.stop(sponsor=sponsor, because="去外地工作", by=officer) == 0
    plan, rule = sponsors.sponsored(school.school, DAY)[0]
    assert school.cases[0] in sponsors.to_ask(plan, rule, officer)
    with pytest.raises(sponsors.NotFree):
        sponsors.confirm(pair=said(school, 1), sponsor=sponsor, by=officer)


def test_the_childs_own_family_is_not_its_sponsor(school):
    number = "10055556666"
    Guardian.objects.filter(pupil=school.pupils[0]).update(phone_index=blind(number, "guardian_phone"))
    aunt, pair = giver(school, "姑姑", phone=number), said(school)
    plan, rule = sponsors.sponsored(school.school, DAY)[0]
    assert sponsors.suggest(plan, rule, school.viewer(school.officer)) == {}
    with pytest.raises(sponsors.NotFree, match="回避"):
        sponsors.confirm(pair=pair, sponsor=aunt, by=school.viewer(school.principal))


@pytest.mark.parametrize("alias", ["小满", "满满", "陈同学", "石头", "一个很长很长很长很长的化名"])
def test_an_alias_has_nothing_of_the_childs_name_and_is_nobody_elses(school, alias):
    with pytest.raises(sponsors.AliasTooNear):
        said(school, 0, sponsors.Answer(True, "奶奶", DAY, "paper", alias=alias))


def test_aliases_are_made_and_differ(school):
    rows = [said(school, at) for at in range(3)]
    assert len({row.alias for row in rows}) == 3
    assert not any((set(row.alias) - {"小"}) & set(row.case.pupil.name) for row in rows)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (sponsors.Answer(True, " ", DAY, "paper"), sponsors.SayWho),
        (sponsors.Answer(True, "奶奶", DAY, "email"), sponsors.SayWho),
        (sponsors.Answer(True, "奶奶", DAY + timedelta(days=1), "paper"), sponsors.NotYet),
    ],
)
def test_an_answer_says_who_when_and_how(school, answer, refusal):
    with pytest.raises(refusal):
        said(school, answer=answer)


def test_a_teacher_notes_for_the_own_class_only_and_sees_no_sponsor(school):
    giver(school)
    with pytest.raises(sponsors.NotKeeper):
        said(school, by=school.neighbour)
    pair = begun(school, 0, Sponsor.objects.get())
    assert not Sponsor.objects.visible_to(school.viewer(school.homeroom)).exists()
    assert not SponsorPair.objects.visible_to(school.viewer(school.neighbour)).exists()
    assert SponsorPair.objects.visible_to(school.viewer(school.homeroom)).get() == pair
    with pytest.raises(sponsors.NotKeeper):
        sponsors.end(pair=pair, because="不方便", by=school.viewer(school.homeroom))


def text_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        return "".join(box.read(name).decode() for name in box.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_the_sponsors_paper_says_alias_grade_and_wishes_and_nothing_of_the_child(school, form):
    pair = begun(school)
    made = sponsor_papers.letter(pair=pair, form=form, by=school.viewer(school.officer))
    text, child = text_of(made.content), school.pupils[0]
    assert pair.alias in text and "三年级" in text and "课外书" in text
    secrets = (
        child.name,
        "（2）班",
        "家庭经济",
        "hard_up",
        "10012345678",
        "奶奶",
        "陈秀英",
        str(child.pk),
        "困难",
    )
    assert not [one for one in secrets if one in text]
    assert made.name == f"资助约定.{form}"
    with pytest.raises(sponsors.NotKeeper):
        sponsor_papers.letter(pair=pair, form=form, by=school.viewer(school.homeroom))


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_the_familys_paper_says_what_is_told_what_never_and_that_a_no_is_fine(school, form):
    by = school.viewer(school.homeroom)
    made = sponsor_papers.consent(case=school.cases[0], kind=KIND, form=form, by=by)
    text = text_of(made.content)
    for words in ("陈小满", "化名", "家在哪里", "不同意也完全可以", "监护人签名"):
        assert words in text
    assert made.name == f"同意书.{form}"


def test_what_is_told_is_three_things():
    assert sponsors.Told.__slots__ == ("alias", "grade", "wishes")


def test_a_plan_without_sponsors_has_no_such_step(cast):
    case = cast.case(0)
    with pytest.raises(sponsors.NoPlan):
        sponsors.note_answer(case=case, kind=KIND, answer=YES, by=cast.viewer(cast.homeroom))
    assert sponsors.sponsored(cast.school, date(2026, 10, 15)) == []


def test_a_sponsor_ends_with_the_case_and_has_a_place_again(school):
    sponsor = giver(school)
    pair = begun(school, 0, sponsor)
    waits = said(school, 1)
    head = school.viewer(school.principal)
    for case in school.cases[:2]:
        identify.close_case(case=case, because="家里好转", by=head)
    pair.refresh_from_db()
    assert (pair.state, pair.valid_to) == ("ended", DAY)
    assert SponsorPair.objects.get(pk=waits.pk).state == "declined"
    assert begun(school, 2, sponsor).state == "confirmed"


def test_no_family_of_a_child_who_left_is_asked_and_no_sponsor_begins(school):
    pair, sponsor = said(school), giver(school)
    Enrolment.objects.filter(pupil__in=[case.pupil_id for case in school.cases]).update(valid_to=DAY)
    head = school.viewer(school.principal)
    ((plan, rule),) = sponsors.sponsored(school.school, DAY)
    assert not sponsors.to_ask(plan, rule, head).exists()
    assert sponsors.suggest(plan, rule, head) == {}
    with pytest.raises(sponsors.AnsweredAlready):
        sponsors.confirm(pair=pair, sponsor=sponsor, by=head)
