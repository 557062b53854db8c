"""一村一队: the villages with their teams and supporting units, the teams with their people (P10-10, P10-20, P10-31)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.flow import areas, cover, teams
from bangfu.records.models.areas import Village, VillagePost, VillageTeam
from bangfu.records.models.people import Staff
from bangfu.web.areas import an_id, around, chosen, kept, reasons, wanted
from bangfu.web.place import act, address, done, page, render

FORMED_BY = {
    "district": N_("sent by the district"),
    "township": N_("formed by the township"),
    "school": N_("formed by the school"),
}
NEEDS = {"team": N_("needs a team of the district"), "group": N_("needs a group"), "": N_("nobody has to be sent")}


@page
def village_list(request) -> HttpResponse:
    """This function will show the villages with their teams, what is missing, and give teams as chosen."""
    viewer = request.viewer
    if request.method == "POST":
        every = chosen(request, Village.objects.visible_to(viewer), VillageTeam.objects.visible_to(viewer))
        made = teams.assign(chosen=every, by=viewer, reasons=reasons(teams.propose(by=viewer)))
        return kept(request, len(made), address("villages"))
    lines, every = teams.standing(viewer), teams.teams(viewer)
    context = {
        "lines": lines,
        "bare": [line for line in lines if line.is_bare],
        "teams": every,
        "choices": {
            kind: [
                (str(one.team.pk), f"{one.team.name} {one.taken} / {one.most}")
                for one in every
                if one.kind == kind
            ]
            for kind in teams.FORMS
        },
        "proposed": wanted(request, teams.propose),
        "missing": teams.missing(viewer),
        "formed_by": [(key, _(words)) for key, words in FORMED_BY.items()],
        "words": {key: _(words) for key, words in (NEEDS | FORMED_BY).items()},
        "people": _people(viewer),
        "decides": viewer.holds(*cover.DECIDERS),
        "around": around(viewer, "villages"),
    }
    return render(request, "areas/villages.html", context)


def _people(viewer) -> list[tuple[str, str]]:
    rows = Staff.objects.visible_to(viewer).at_work_on(viewer.day).order_by("sort_key")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


@act
def village(request, village_id) -> HttpResponse:
    """This function will note what is known of a village."""
    viewer = request.viewer
    row = get_object_or_404(Village.objects.visible_to(viewer), pk=village_id)
    areas.describe(
        village=row,
        is_key=request.POST.get("is_key") == "1",
        language=request.POST.get("language", ""),
        support_unit=request.POST.get("support_unit", ""),
        by=viewer,
    )
    return done(request, address("villages"), _("Noted."))


@act
def village_team(request) -> HttpResponse:
    """This function will form a team."""
    viewer = request.viewer
    people = Staff.objects.visible_to(viewer).at_work_on(viewer.day)
    ids = [one for one in map(an_id, request.POST.getlist("members")) if one]
    teams.form(
        name=request.POST.get("name", ""),
        formed_by=request.POST.get("formed_by", ""),
        head=people.filter(pk=an_id(request.POST.get("head", ""))).first(),
        members=people.filter(pk__in=ids).order_by("sort_key"),
        by=viewer,
    )
    return done(request, address("villages"), _("The team is formed."))


@act
def team_disband(request, team_id) -> HttpResponse:
    """This function will end a team with a reason."""
    team = get_object_or_404(VillageTeam.objects.visible_to(request.viewer), pk=team_id)
    teams.disband(team=team, because=request.POST.get("because", ""), by=request.viewer)
    return done(request, address("villages"), _("The team has ended. What it did stays."))


@act
def village_post_end(request, post_id) -> HttpResponse:
    """This function will end a team's stretch in a village with a reason."""
    post = get_object_or_404(VillagePost.objects.visible_to(request.viewer), pk=post_id)
    teams.end(post=post, because=request.POST.get("because", ""), by=request.viewer)
    return done(request, address("villages"), _("Changed from today. The time before stays in the history."))


urlpatterns = [
    path("villages", village_list, name="villages"),
    path("villages/teams", village_team, name="village_team"),
    path("villages/teams/<uuid:team_id>/end", team_disband, name="team_disband"),
    path("villages/posts/<uuid:post_id>/end", village_post_end, name="village_post_end"),
    path("villages/<uuid:village_id>", village, name="village"),
]
