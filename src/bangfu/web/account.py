"""Signing in with user name and password, and signing out. No check-in, no counting of visits, no puzzles."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bangfu.flow import school
from bangfu.web.place import address, back, render

OWN_DEVICE = 30 * 24 * 60 * 60


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request) -> HttpResponse:
    """This function will show the sign-in page and let people in."""
    if request.method == "GET":
        if request.viewer is not None:
            return HttpResponseRedirect(back(request))
        if school.is_empty():
            return HttpResponseRedirect(address("start"))
        return render(request, "account/sign_in.html", {"wrong": "", "name": ""})
    name = request.POST.get("username", "").strip()
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    if user is None:
        wrong = _("The user name and the password do not match. Check capital letters, then try again.")
        return render(request, "account/sign_in.html", {"wrong": wrong, "name": name}, status=422)
    login(request, user)
    request.session.set_expiry(OWN_DEVICE if request.POST.get("own_device") else settings.SESSION_COOKIE_AGE)
    return HttpResponseRedirect(_next(request))


def _next(request) -> str:
    # Not the referring page, which is this one.
    wish = back(request)
    return "/" if request.path in wish else wish


@login_not_required
@require_POST
def sign_out(request) -> HttpResponse:
    """This function will end the session."""
    logout(request)
    return HttpResponseRedirect(settings.LOGIN_URL if "/" in settings.LOGIN_URL else "/sign-in")


urlpatterns = [
    path("sign-in", sign_in, name="sign_in"),
    path("sign-out", sign_out, name="sign_out"),
]
