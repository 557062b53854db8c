"""联系方式: change a guardian's name or phone, a child's phone or address; a change made elsewhere meanwhile is kept too."""

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine.merging import Answer
from bangfu.flow import look, merge
from bangfu.records.models import Guardian, Pupil
from bangfu.web.inbox import FIELDS
from bangfu.web.place import address, done, page, render


@page
def family_contacts(request, pupil_id) -> HttpResponse:
    """This function will show a child's contacts as a form, and write what was changed in it, field by field."""
    viewer = request.viewer
    pupil = Pupil.objects.visible_to(viewer).filter(pk=pupil_id).first()
    if pupil is None or not merge.may_change(pupil, viewer):
        raise Http404
    family = look.family(pupil.pk)
    if request.method == "POST":
        return _changed(request, pupil, family)
    context = {
        "child": pupil,
        "family": [(one, _fields(one, f"{one.pk}.", merge.OF_GUARDIAN)) for one in family],
        "own": _fields(pupil, "", merge.OF_PUPIL),
    }
    return render(request, "inbox/contacts.html", context)


def _fields(row, prefix: str, names) -> list[dict]:
    return [
        {
            "name": f"{prefix}{name}",
            "label": _(FIELDS[name]),
            "value": merge.text_of(row, name),
            "base": merge.version_of(row, name),
            "type": "tel" if name == "phone" else "text",
            "longest": merge.LONGEST[name],
            "optional": name != "name",
        }
        for name in names
    ]


def _changed(request, pupil: Pupil, family: list[Guardian]) -> HttpResponse:
    answers = []
    rows = [(pupil, None, "", merge.OF_PUPIL)]
    rows += [(pupil, one, f"{one.pk}.", merge.OF_GUARDIAN) for one in family]
    for child, guardian, prefix, names in rows:
        for name in names:
            given, base = (request.POST.get(f"{kind}{prefix}{name}") for kind in ("", "base."))
            wish = merge.Wish(child, name, base or "", given or "", guardian)
            if given is not None and not merge.is_as_before(wish):
                answers.append(merge.change(wish=wish, by=request.viewer))
    if Answer.conflict in answers or Answer.follow in answers:
        words = _("Somebody else changed the same thing meanwhile. Both are kept; please choose one.")
        return done(request, address("inbox"), words)
    words = _("Changed. What stood before is in the trail.") if answers else _("Nothing was changed.")
    return done(request, address("pupil", pupil.pk), words)


urlpatterns = [path("pupils/<uuid:pupil_id>/contacts", family_contacts, name="family_contacts")]
