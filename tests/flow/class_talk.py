"""What the children of the cast's class say, in one line each, and who then learns with whom."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bangfu.flow import adopt, peer_words, peers
from bangfu.flow.peer_words import Word
from bangfu.records.models import FactStatement, PeerPair
from tests import factories
from tests.cast import DAY

FROM = date(2026, 9, 1)


class Talk:
    """三（2）班 of the cast with some plans in use; children are named by their place in `cast.pupils`."""

    def __init__(self, cast, *plans: tuple[str, str]):
        self.cast, self.by = cast, cast.viewer(cast.homeroom)
        for key, edition in plans:
            factories.plan(cast.school, key=key, edition=edition)
        adopt.keep_limits(school=cast.school, day=DAY)

    def helped(self, *ats: int, plan: str, category: str = "study"):
        """Open a case of a plan for each of these."""
        return [factories.case(self.cast.pupils[at], of=(plan, category)) for at in ats]

    def say(self, at: int, willing=True, wishes=(), family=None, most=1):
        wanted = [self.cast.pupils[one].pk for one in wishes]
        word = Word(willing, most, family, "奶奶，电话里" if family is not None else "")
        peer_words.say(pupil=self.cast.pupils[at], word=word, wishes=wanted, by=self.by)

    def came_along(self, at: int, said: bool):
        noon = datetime(2026, 9, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
        FactStatement.objects.create(
            pupil=self.cast.pupils[at], source="roll", stated_on=FROM, known_at=noon,
            values={"moved_with_parents": said, "migrant_child": False},
        )  # fmt: skip

    def propose(self):
        return peers.propose(school_class=self.cast.class_two, by=self.by)

    def confirm(self):
        return peers.confirm(school_class=self.cast.class_two, by=self.by)

    def key(self, *ats: int) -> str:
        return " ".join(str(self.cast.pupils[at].pk) for at in sorted(ats))

    def stop(self, *ats: int, by=None):
        peers.stop(school_class=self.cast.class_two, key=self.key(*ats), by=by or self.by)

    def place(self, one: int, other: int):
        pupils = self.cast.pupils
        peers.place(school_class=self.cast.class_two, one=pupils[one].pk, other=pupils[other].pk, by=self.by)

    def at(self, pupil_id) -> int:
        return next(at for at, pupil in enumerate(self.cast.pupils) if pupil.pk == pupil_id)

    def together(self) -> list[tuple[int, ...]]:
        """Who stands together on the page, in seat order."""
        found = peers.together(self.cast.class_two, self.by)
        return [tuple(self.at(mate.id) for mate in one.members) for one in found]

    def pairs(self, kind: str, **more) -> set[tuple[int, int]]:
        """(child the plan is about, classmate) of a pairing."""
        rows = PeerPair.objects.filter(kind=kind, state__in=("proposed", "confirmed"), **more)
        return {(self.at(row.pupil_id), self.at(row.partner_id)) for row in rows}
