"""What a class says about learning side by side: most were asked, two couples began, one is proposed."""

from bangfu.demo.people import Town
from bangfu.flow import peer_words, peers
from bangfu.flow.peer_words import Word
from bangfu.records.access import viewer_of
from bangfu.records.models import Pupil

ASKED = 12
NO = (4, 9)  # children who would rather not; that is kept as calmly as a yes


def befriend(town: Town) -> None:
    """This function will ask the first class teacher's class, put some together, and leave one couple to confirm."""
    class_id, teacher = next(iter(town.homeroom.items()))
    school_class = next(one for one in town.classes if one.pk == class_id)
    by = viewer_of(teacher, town.today)
    here = list(peer_words.mates(school_class, town.today).values())[:ASKED]
    pupils = Pupil.objects.in_bulk([mate.id for mate in here])
    for at, mate in enumerate(here):
        wanted = [here[other].id for other in (at ^ 1, at + 2) if other < len(here) and other not in NO]
        word = Word(at not in NO, 1, True, "妈妈，电话里") if at % 3 else Word(at not in NO)
        peer_words.say(pupil=pupils[mate.id], word=word, wishes=wanted if at not in NO else [], by=by)
    for at in (0, 2, 6):
        peers.place(school_class=school_class, one=here[at].id, other=here[at + 1].id, by=by)
    keys = [one.key for one in peers.together(school_class, by)][:2]
    peers.confirm(school_class=school_class, keys=keys, by=by)
