"""What goes wrong, said calmly: what happened, why, and what to do next. Never whose fault it was."""

import logging

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from bangfu.web.place import render

log = logging.getLogger("bangfu.web")


def _page(request, status: int, **words) -> HttpResponse:
    return render(request, "errors/error.html", {"number": "", **words}, status=status)


def bad_request(request, exception=None) -> HttpResponse:
    """This function will answer a request that cannot be read."""
    return _page(
        request,
        400,
        title=_("This request could not be read"),
        why=_("The address or the form arrived damaged, or the file was too large."),
        then=_("Go back and try once more. What you typed is still in the form."),
    )


def not_allowed(request, exception=None) -> HttpResponse:
    """This function will answer someone who may not do this; a sentence given with the refusal is shown."""
    if (
        getattr(request, "user", None) is not None
        and request.user.is_authenticated
        and request.viewer is None
    ):
        why = _("This account does not belong to a member of staff today.")
    else:
        why = str(exception) if exception and str(exception) else _("This part is for other roles.")
    return _page(
        request,
        403,
        title=_("This is not open to you"),
        why=why,
        then=_("If you need it for your work, ask the person who looks after accounts to give you the role."),
    )


def not_found(request, exception=None) -> HttpResponse:
    """This function will answer for what is not there, and in the same words for what is not yours to see."""
    return _page(
        request,
        404,
        title=_("Nothing is here"),
        why=_("The page does not exist, or it belongs to someone you do not look after."),
        then=_("Start again from the first page, or search under Pupils."),
    )


def stale_form(request, reason="") -> HttpResponse:
    """This function will answer a form without its token: opened long ago, or sent from elsewhere."""
    if request.content_type == "application/json":  # a program of a page: it asks for a fresh token and tries again
        return JsonResponse({"error": _("This page was open for too long"), "code": "token"}, status=403)
    return _page(
        request,
        403,
        title=_("This page was open for too long"),
        why=_("For safety, a form can only be sent from a page opened recently in this browser."),
        then=_("Go back, refresh the page and send it again. What you typed is kept on this device."),
    )


def locked_out(request, response=None, credentials=None, *args, **kwargs) -> HttpResponse:
    """This function will answer after too many wrong passwords."""
    return _page(
        request,
        429,
        title=_("Let us wait a quarter of an hour"),
        why=_("The password was wrong ten times in a row, so signing in rests for 15 minutes."),
        then=_("If you forgot the password, the person who looks after accounts can set a new one."),
    )


def broken(request) -> HttpResponse:
    """This function will answer when we made a mistake; the number leads to the log line."""
    number = getattr(request, "number", "")
    log.error("page broke: %s", request.path, extra={"request": request})
    try:
        return _page(
            request,
            500,
            title=_("Something went wrong on our side"),
            why=_("Nothing was half saved. What you typed is still here: go back to see it."),
            then=_("Try again in a moment. If it happens again, give this number to the person in charge."),
            number=number,
        )
    except Exception:  # the page that reports a broken page must not break: plain words are the last resort
        log.exception("error page broke")
        text = f"出了点问题，您刚才填的还在，请返回再试一次。编号 {number}"
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")
