"""A plan's text outside its page: two versions sentence by sentence, a file to keep, a file that somebody brings."""

import zipfile
from dataclasses import dataclass
from io import BytesIO

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine.commons import toml
from bangfu.engine.fault import Fault
from bangfu.engine.phrase import SECTIONS
from bangfu.exchange import plan_text
from bangfu.flow import adopt, draft
from bangfu.web.place import Unfinished, address, done, page, render
from bangfu.web.plans import edition_of, first_day, may_adopt, placed, sources_of, take_into_use, versions_of
from bangfu.web.prose import Line, told
from bangfu.web.terms import HEADINGS

LARGEST = 200 * 1024


@dataclass(frozen=True, slots=True)
class Difference:
    """One sentence that two versions say differently; "" where one of them doesn't say it."""

    heading: str
    before: str
    after: str


@page
def compare(request, key) -> HttpResponse:
    """This function will show what two versions or editions of a plan say differently, sentence by sentence."""
    viewer = request.viewer
    versions = list(versions_of(viewer).filter(key=key))
    texts = {edition: text for (one, edition), text in adopt.shelf().texts.items() if one == key}
    sources = sources_of(texts, versions)
    if not sources:
        raise Http404
    names = [of for of, _words in sources]
    after = request.GET.get("after") if request.GET.get("after") in names else names[0]
    before = (
        request.GET.get("before") if request.GET.get("before") in names else names[min(1, len(names) - 1)]
    )
    one, other = (draft.text_of(key=key, of=of, by=viewer) for of in (before, after))
    context = {
        "key": key,
        "title": adopt.read(other).short_title,
        "sources": sources,
        "before": before,
        "after": after,
        "words": dict(sources),
        "differences": differences(one, other),
        "changes": adopt.read(other).changes if after == "recommended" else (),
    }
    return render(request, "plans/compare.html", context)


def differences(before: str, after: str) -> list[Difference]:
    """This function will list the sentences in which two texts differ, in reading order."""
    one, other = (_by_place(text) for text in (before, after))
    found = []
    for section in SECTIONS:
        for at in dict.fromkeys(at for side in (other, one) for at in side if at[0] == section):
            left, right = one.get(at), other.get(at)
            if left is None or right is None or left.whole != right.whole:
                heading = _(HEADINGS[section])
                found.append(Difference(heading, _told_apart(left, right), _told_apart(right, left)))
    return found


def _by_place(text: str) -> dict[tuple[str, str], Line]:
    parts = told(plan_text.tree(text), without=("changes",))
    return {(part.key, line.address): line for part in parts for line in part.lines}


def _told_apart(mine: Line | None, other: Line | None) -> str:
    """A sentence and what else of it differs; alone, just the sentences."""
    if mine is None:
        return ""
    if other is None:
        return "\n".join([mine.text, *(line.text for line in mine.inside)])
    there = set(other.whole.split("\n"))
    first, *rest = mine.whole.split("\n")
    return "\n".join([first, *(row for row in rest if row not in there)])


def download(request, key, of) -> HttpResponse:
    """This function will give the text of an edition or version, or with ?as=zip the whole pack of it."""
    viewer = request.viewer
    if viewer is None:
        raise Http404
    try:
        text = draft.text_of(key=key, of=of, by=viewer)
    except draft.NoSuchText:
        raise Http404 from None
    if request.GET.get("as") == "zip":
        return as_file(_zipped(key, text), f"{key}-{of}.zip", "application/zip")
    return as_file(text.encode(), f"{key}-{of}.toml", "application/toml")


def _zipped(key: str, text: str) -> bytes:
    """A folder as the shelf has it: the plan under the name of its edition, its examples beside it."""
    edition = (toml(text, "plan.toml")[0] or {}).get("edition")
    name = "recommended.toml" if edition == "recommended" else "plan.toml"
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(f"{key}/{name}", text)
        examples = adopt.pack_files().get(f"{key}/examples.toml")
        if examples:
            folder.writestr(f"{key}/examples.toml", examples)
    return made.getvalue()


def as_file(content: bytes, name: str, kind: str) -> HttpResponse:
    """This function will answer with a file to keep."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page
def plan_file(request) -> HttpResponse:
    """This function will read a plan file: all its faults at once, or what it would do; then studio or into use."""
    viewer = request.viewer
    if request.method == "POST":
        text = _text(request.FILES.get("file"))
        then = request.POST.get("then")
        if then == "adopt":
            return take_into_use(request, text)
        if then == "draft":
            return _begin(request, text)
        try:
            read = edition_of(text)
        except adopt.PackFaulty as reason:
            raise Unfinished(placed(reason.faults)) from reason
        return render(request, "plans/file.html", _file_context(viewer, read))
    return render(request, "plans/file.html", _file_context(viewer, None))


def _begin(request, text: str) -> HttpResponse:
    try:
        begun = draft.start(text=text, based_on="file", by=request.viewer)
    except adopt.PackFaulty as reason:
        raise Unfinished(placed(reason.faults)) from reason
    return done(
        request, address("studio", begun.pk), _("A draft. Nothing is in use before the principal says so.")
    )


def _file_context(viewer, edition) -> dict:
    return {
        "edition": edition,
        "begins": first_day(viewer, [True]),
        "may": may_adopt(viewer),
        "may_edit": draft.may_edit(viewer),
    }


def _text(file) -> str:
    if file is None:
        raise Unfinished([Fault("file", _("Choose a file first."))])
    if file.size > LARGEST:
        raise Unfinished(
            [Fault("file", _("This file is too large for a plan; a plan is a text file ending in .toml."))]
        )
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        what = _("This is not a text file in UTF-8. Save it as UTF-8 and drop it again.")
        raise Unfinished([Fault("file", what)]) from None


urlpatterns = [
    path("plans/file", plan_file, name="plan_file"),
    path("plans/<slug:key>/compare", compare, name="plan_compare"),
    path("plans/<slug:key>/text/<slug:of>", download, name="plan_text"),
]
