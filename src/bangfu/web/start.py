"""The first page of an empty installation: name the school and its principal, then import the roll. Gone afterwards."""

from datetime import timedelta

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bangfu.engine.refusal import Refusal
from bangfu.flow import almanac, clock, school
from bangfu.records.models.places import school_year_of
from bangfu.web.place import render

BACKEND = "bangfu.records.access.ViewerBackend"
SESSION = timedelta(hours=12)


@login_not_required
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "POST"])
def start(request) -> HttpResponse:
    """This function will open the school: its name, its principal, a password; only while there is none."""
    if not school.is_empty():
        raise Http404
    if request.method == "POST":
        try:
            return _found(request)
        except Refusal as reason:
            request.refusal = reason.sentence
        request.came_back = True
    terms = [(almanac.term_title(key), first, last) for key, first, last in almanac.usual_terms(_year())]
    return render(
        request, "start/start.html", {"terms": terms}, status=422 if request.method == "POST" else 200
    )


def _year() -> int:
    return school_year_of(clock.today())


def _found(request) -> HttpResponse:
    given = {name: request.POST.get(name, "").strip() for name in ("name", "principal", "username", "code")}
    password, again = request.POST.get("password", ""), request.POST.get("again", "")
    school.check_setup_code(given["code"])
    if password != again:
        raise school.WeakPassword(_("The two passwords differ. Type them once more."))
    _row, principal = school.found(
        name=given["name"],
        principal=given["principal"],
        username=given["username"],
        password=password,
        on=clock.today(),
    )
    login(request, principal.user, backend=BACKEND)
    request.session.set_expiry(int(SESSION.total_seconds()))
    return HttpResponseRedirect(_next())


def _next() -> str:
    for name in ("intake", "setup"):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"


urlpatterns = [path("start", start, name="start")]
