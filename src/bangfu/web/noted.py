"""「记下了」: what a record just written completes and who comes next, said by the page that works the day out anyway.

Working it out twice, once for the sentence and once for the page, was most of what a record cost. P9-03, R51.
"""

from datetime import timedelta

from bangfu.flow import clock
from bangfu.records.models import Evidence, Pupil
from bangfu.web import record_whom
from bangfu.web.place import address, say
from bangfu.web.record_form import as_uuid

JUST_NOW = timedelta(minutes=10)  # whoever comes back to the address later is not told again


def way(evidence) -> str:
    """This function will give the address of today's page that says what became of a record."""
    return f"{address('today')}?noted={evidence.pk}"


def tell(request, found) -> None:
    """This function will say on today's page (its agenda is `found`) what one's record just written has completed."""
    pk = as_uuid(request.GET.get("noted", ""))
    mine = Evidence.objects.visible_to(request.viewer).current().filter(pk=pk, author=request.viewer.staff)
    evidence = mine.filter(written_at__gte=clock.now() - JUST_NOW).first() if pk else None
    if evidence is not None:
        about = set(
            Pupil.objects.visible_to(request.viewer)
            .filter(evidence__evidence=pk)
            .values_list("pk", flat=True)
        )
        sentence, then = record_whom.following(request.viewer, evidence, about, found)
        say(request, sentence, undo=address("record_withdraw", evidence.pk), then=then)
