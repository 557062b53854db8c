"""宣传: texts for a message, the board and the parents' meeting, made of what the school does; nobody can be known by them.

In: what to speak about, how to reach the school, a line of one's own. Out: three texts. Figures are of the whole
school and rounded down; under ten they are left out. Nothing is kept; what was said is recorded for the class (P0-43).
"""

from collections import Counter
from dataclasses import dataclass

from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Evidence, Pupil, RecognitionRound, School, Staff

ABOUT = ("why", "what", "how")
# What may be said in public of what the plans do: kind → words and what is counted of it.
DOES = {
    "talk": ("谈心", "次"), "tutoring": ("辅导", "次"), "home_visit": ("家访", "次"),
    "group_activity": ("集体活动", "次"), "video_call": ("和外出的家人视频", "次"), "home_teaching": ("送教上门", "次"),
}  # fmt: skip
FEWEST = 10  # 少于十个不写数
LONGEST = 120
MESSAGE, FURTHER = 70, 67  # characters of one message, and of each where there are several


class NamesSomebody(Refusal):
    sentence = "里面有学生的名字。讲身边的故事，先问过本人和家里，再用化名。"


class TooLong(Refusal):
    sentence = f"自己加的一句请在 {LONGEST} 字以内。"


@dataclass(frozen=True, slots=True)
class Wish:
    """What to speak about (of ABOUT), how families reach the school, and a line of one's own."""

    about: tuple[str, ...] = ABOUT
    contact: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """The three texts, and how many messages the first one makes."""

    message: str
    board: str
    meeting: str

    @property
    def messages(self) -> int:
        """This property will say how many messages of a phone the first text takes."""
        size = len(self.message)
        return 1 if size <= MESSAGE else -(-size // FURTHER)


def names_somebody(text: str, school: School) -> bool:
    """This function will say whether a text holds the name of any pupil of the school, past or present."""
    names = Pupil.objects.filter(school=school).values_list("name", flat=True)
    return any(name in text for name in names if len(name) > 1)


def compose(*, wish: Wish, by) -> Texts:
    """This function will write the three texts; raises NamesSomebody and TooLong about the line of one's own."""
    line, contact = wish.line.strip(), wish.contact.strip()[:40]
    if len(line) > LONGEST:
        raise TooLong
    if names_somebody(line + contact, by.school):
        raise NamesSomebody
    does = _does(by)
    parts = {
        "why": "每个孩子都可能有需要帮一把的时候，早一点说，就早一点有人一起想办法。",
        "what": f"学校为有需要的孩子安排{'、'.join(does)}，不收费，也不公开是谁。" if does else "",
        "how": _how(by, contact),
    }
    said = [parts[key] for key in ABOUT if key in wish.about and parts[key]]
    so_far = _so_far(by) if "what" in wish.about else ""
    whole = [*said, so_far, line]
    short = [
        one for one in said if one != parts["why"]
    ] or said  # a message says what and how; the reasons are for the board
    name = by.school.name
    board = "\n".join(["有人一起想办法", *(f"　　{one}" for one in whole if one), f"{name}"])
    meeting = "".join(["各位家长，说一件和每一家都有关的事。", *whole, "谢谢大家。"])
    return Texts(f"【{name}】家长您好。{''.join(short)}{line}", board, meeting)


def _does(by) -> list[str]:
    plans = adopt.plans_in_force(by.school, by.day)
    asked = {kind for plan in plans for duty in plan.duties for kind in duty.accepts}
    return [words for kind, (words, _unit) in DOES.items() if kind in asked]


def _how(by, contact: str) -> str:
    running = RecognitionRound.objects.filter(
        school=by.school, state__in=("telling", "applying"), apply_until__gte=by.day
    )
    until = running.values_list("apply_until", flat=True).first()
    applying = (
        f"想申请资助的，{until.month}月{until.day}日前向班主任要一张表，自愿，评议以前随时可以撤回；"
        if until
        else ""
    )
    return f"{applying}想请学校帮一把的，和班主任说一声就行{f'，也可以联系 {contact}' if contact else ''}。"


def _so_far(by) -> str:
    """What the whole school did this term, in round figures."""
    term = calendar_for(by.school).term_on(by.day)
    if term is None:
        return ""
    rows = Evidence.objects.current().filter(school=by.school, happened_on__range=(term.starts_on, by.day))
    done = Counter(kind for kinds in rows.values_list("activities", flat=True) for kind in kinds)
    told = [
        f"{round_down(done[kind])}{unit}{words}"
        for kind, (words, unit) in DOES.items()
        if done[kind] >= FEWEST
    ]
    if not told:
        return ""
    staff = Staff.objects.filter(school=by.school).at_work_on(by.day).count()
    who = f"全校 {staff} 位老师" if staff >= FEWEST else "全校老师"
    return f"这学期{who}一起做了 {'、'.join(told)}。"


def round_down(count: int) -> str:
    """This function will write a figure as people say it: 10 多, 340 多, 1200 多."""
    step = 10 if count < 1000 else 100
    return f"{count // step * step} 多"
