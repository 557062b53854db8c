"""划片包抓: every area has staff, all the staff have an area; and each class its administrator (P0-39, P5-05)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import administrators, areas, cover
from bangfu.records.models.areas import Area, AreaStaff, HomeGround, Village
from bangfu.records.models.people import Staff
from bangfu.records.models.places import SchoolClass
from bangfu.web.navigation import near
from bangfu.web.place import act, address, done, page, render


def around(viewer, here: str) -> list[tuple[str, str, bool]]:
    """This function will give the pages that belong together here: (address, words, is this one)."""
    links = [(address("areas"), _("Areas")), *near("areas", viewer)]
    return [(href, words, href == address(here)) for href, words in links]


def an_id(text: str) -> UUID | None:
    """This function will read an id out of a form; None where there is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def chosen(request, cases, helpers, begins="to.") -> list[tuple]:
    """This function will read the choices of a form, fields `to.<case>` = helper, as (case row, helper row)."""
    picked = {
        case: helper
        for name, value in request.POST.items()
        if name.startswith(begins) and (case := an_id(name[len(begins) :])) and (helper := an_id(value))
    }
    by_case, by_helper = cases.in_bulk(picked), helpers.in_bulk(set(picked.values()))
    return [
        (by_case[case], by_helper[helper])
        for case, helper in picked.items()
        if case in by_case and helper in by_helper
    ]


def reasons(proposed) -> dict[tuple, str]:
    """This function will give the reasons of proposals by (case, helper)."""
    return {(one.case, one.helper): one.reason for one in proposed}


def wanted(request, propose) -> dict:
    """This function will give the proposals by case when the page asks for them: {case: Proposed}."""
    return {one.case: one for one in _asked(request, propose)}


def _asked(request, propose) -> tuple:
    asked = request.GET.get("proposed") and request.viewer.holds(*cover.DECIDERS)
    return propose(by=request.viewer) if asked else ()


def kept(request, count: int, to: str) -> HttpResponse:
    """This function will say how many choices were kept."""
    said = _("Kept: %(num)s.") % {"num": count}
    return done(request, to, said if count else _("Nothing was chosen, so nothing has changed."))


@page
def area_list(request) -> HttpResponse:
    """This function will show the areas, their villages and people, and what is not covered; and add an area."""
    viewer = request.viewer
    if request.method == "POST":
        return _open(request)
    now, first, second = areas.standing(viewer), {}, {}
    for one in _asked(request, areas.propose):
        is_first = one.case in dict(now.free) and one.case not in first
        first, second = (first | {one.case: one}, second) if is_first else (first, second | {one.helper: one})
    homes = HomeGround.objects.visible_to(viewer).select_related("village")
    at_work = Staff.objects.visible_to(viewer).at_work_on(viewer.day).order_by("sort_key")
    context = {
        "now": now,
        "first": first,
        "second": second,
        "choices": [(str(line.area.pk), f"{line.area.name} {len(line.posts)}") for line in now.lines],
        "people": [(str(pk), name) for pk, name in at_work.values_list("pk", "name")],
        "mine": [line for line in now.lines if viewer.staff.pk in {post.staff for post in line.posts}],
        "decides": viewer.holds(*cover.DECIDERS),
        "around": around(viewer, "areas"),
        "grounds": homes,
        "villages": [(str(one.pk), one.name) for one in Village.objects.visible_to(viewer).order_by("name")],
    }
    return render(request, "areas/areas.html", context)


def _open(request) -> HttpResponse:
    words = request.POST.get("villages", "").replace("、", "\n").replace("，", "\n").replace(",", "\n")
    areas.open_area(name=request.POST.get("name", ""), villages=tuple(words.splitlines()), by=request.viewer)
    return done(request, address("areas"), _("The area is kept."))


@act
def area_assign(request) -> HttpResponse:
    """This function will put staff into areas as chosen."""
    viewer = request.viewer
    people, places = Staff.objects.visible_to(viewer), Area.objects.visible_to(viewer)
    pairs = chosen(request, people, places)
    pairs += [(staff, area) for area, staff in chosen(request, places, people, "also.")]
    made = areas.assign(chosen=pairs, by=viewer, reasons=reasons(areas.propose(by=viewer)))
    return kept(request, len(made), address("areas"))


@act
def area_close(request, area_id) -> HttpResponse:
    """This function will end an area nobody and nothing belongs to any more."""
    areas.close_area(
        area=get_object_or_404(Area.objects.visible_to(request.viewer), pk=area_id), by=request.viewer
    )
    return done(request, address("areas"), _("The area has ended."))


@act
def area_move(request) -> HttpResponse:
    """This function will let somebody change to another area, or out of this one with a reason."""
    viewer, because = request.viewer, request.POST.get("because", "")
    rows = AreaStaff.objects.visible_to(viewer).select_related("staff", "area")
    post = get_object_or_404(rows, pk=an_id(request.POST.get("post", "")))
    if to := an_id(request.POST.get("area", "")):
        area = get_object_or_404(Area.objects.visible_to(viewer), pk=to)
        areas.move(post=post, area=area, because=because, by=viewer)
    else:
        areas.end(post=post, because=because, by=viewer)
    return done(request, address("areas"), _("Changed from today. The time before stays in the history."))


@act
def home_ground(request) -> HttpResponse:
    """This function will note where a colleague is at home and which languages they speak."""
    viewer = request.viewer
    staff = get_object_or_404(Staff.objects.visible_to(viewer), pk=an_id(request.POST.get("staff", "")))
    village_id = an_id(request.POST.get("village", ""))
    village = get_object_or_404(Village.objects.visible_to(viewer), pk=village_id) if village_id else None
    areas.at_home(staff=staff, village=village, languages=request.POST.get("languages", ""), by=viewer)
    return done(request, address("areas"), _("Noted. It only helps to find who fits."))


@page
def class_list(request) -> HttpResponse:
    """This function will show every class with its administrator, and give those without one."""
    viewer = request.viewer
    if request.method == "POST":
        pairs = chosen(request, SchoolClass.objects.visible_to(viewer), Staff.objects.visible_to(viewer))
        made = administrators.assign(chosen=pairs, by=viewer)
        return kept(request, len(made), address("administrators"))
    lines, people = administrators.standing(viewer), administrators.leaders(viewer)
    context = {
        "lines": lines,
        "bare": [line for line in lines if line.grant is None],
        "people": people,
        "choices": [(str(one.id), f"{one.name} {one.taken}") for one in people],
        "proposed": wanted(request, administrators.propose),
        "decides": viewer.holds(*cover.DECIDERS),
        "around": around(viewer, "administrators"),
    }
    return render(request, "areas/classes.html", context)


urlpatterns = [
    path("areas", area_list, name="areas"),
    path("areas/staff", area_assign, name="area_assign"),
    path("areas/staff/change", area_move, name="area_move"),
    path("areas/home-ground", home_ground, name="home_ground"),
    path("areas/classes", class_list, name="administrators"),
    path("areas/<uuid:area_id>/end", area_close, name="area_close"),
]
