"""For the teacher's eyes: who has no classmate yet by the plans, and in a sentence what would help. Never on the class page."""

from dataclasses import dataclass

from bangfu.engine.plan import Plan
from bangfu.flow import peer_match, peers
from bangfu.flow.peer_match import Asked
from bangfu.flow.peer_words import Mate, check_minds, mates
from bangfu.records.models import Case, PeerPair, SchoolClass


@dataclass(frozen=True, slots=True)
class Waits:
    """One child who has fewer classmates than a plan wants: the plan, the pairing's title, what would help."""

    name: str
    plan: Plan
    title: str
    sentence: str


def waiting(school_class: SchoolClass, by) -> tuple[Waits, ...]:
    """This function will list who waits without a proposal, and what would help. Raises NotYourClass."""
    check_minds(by, school_class)
    here, found = mates(school_class, by.day), []
    for plan, rule in peers.rules_in_force(by.school, by.day):
        asked = peer_match.asked((plan, rule), school_class, here, by.day)
        proposed = PeerPair.objects.filter(case__in=asked.cases.values(), kind=rule.key, state="proposed")
        known = set(proposed.values_list("pupil_id", flat=True))
        seen = set(
            Case.objects.visible_to(by).filter(pk__in=asked.cases.values()).values_list("pk", flat=True)
        )
        for pk, mate in here.items():
            case = asked.cases.get(pk)
            if case in seen and pk not in known and (pk not in asked.children or asked.waits(pk)):
                found.append(Waits(mate.name, plan, rule.title, _sentence(asked, mate, here)))
    return tuple(found)


def _sentence(asked: Asked, mate: Mate, here: dict) -> str:
    hard = asked.rule.hard
    if mate.word.is_willing is False:
        return "自己说先不要。先尊重，过一阵再问问。"
    if mate.word.family_agrees is False:
        return "家里说先不要。先尊重，过一阵再问问。"
    if "child_chooses" in hard and not mate.wishes:
        return "还没说想和谁一起。问一问，最多记三个名字。"
    if "consent" in hard and mate.word.family_agrees is None:
        return "还没问过家里。打个电话，说清楚是一起学习。"
    return _of_group(asked, mate) if asked.rule.kind == "group" else _of_couple(asked, mate, here)


def _of_couple(asked: Asked, mate: Mate, here: dict) -> str:
    chosen = [pk for pk in mate.wishes if pk in here]
    among = chosen if "child_chooses" in asked.rule.hard else [pk for pk in here if pk != mate.id]
    able = [pk for pk in among if not asked.why_not(mate.id, pk)]
    full = [pk for pk in able if asked.taken[pk] >= asked.helpers[pk].most]
    which = "想的" if among is chosen else "班里的"
    parts = [f"{which} {len(among)} 位同学里"]
    if len(among) > len(able):
        parts.append(f"{len(among) - len(able)} 位还没说愿意，或家里还没答应")
    if full:
        parts.append(f"{len(full)} 位已经有伙伴了")
    if len(able) > len(full):
        parts.append(f"{len(able) - len(full)} 位现在可以，点“帮我配一配”")
    return "，".join(parts) + ("。再问问别的同学，或请他再说一个名字。" if len(able) <= len(full) else "。")


def _of_group(asked: Asked, mate: Mate) -> str:
    able = [pk for pk in asked.helpers if not asked.why_not(mate.id, pk)]
    free = [pk for pk in able if not asked.taken[pk]]
    if "a_local_in_each_group" in asked.rule.hard and not any(asked.helpers[pk].local for pk in free):
        return "还没有一位本地的同学报名，或还不知道谁是本地的（看学籍里“随迁子女”一列）。再问问几位同学。"
    if len(free) < asked.need:
        return f"愿意进小组、还没有小组的有 {len(free)} 位，一组至少要 {asked.need} 位，还差 {asked.need - len(free)} 位。"
    return "现在可以编组，点“帮我配一配”。"
