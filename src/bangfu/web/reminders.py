"""How I am told, on 我的: where, at what hour, a button that tries it, and what went wrong if something did."""

from datetime import time

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.flow import channel
from bangfu.flow.reminders import MOST_TRIES
from bangfu.records.models.care_danger import HEADS
from bangfu.records.models.digests import EARLIEST, USUAL, Channel, Reminder
from bangfu.web.place import act, address, done

KINDS = {
    "email": N_("E-mail"),
    "wecom": N_("WeCom"),
    "dingtalk": N_("DingTalk"),
    "feishu": N_("Feishu"),
    "webhook": N_("Another address"),
}
PROBLEMS = {
    "unreachable": N_("the other side could not be reached"),
    "refused": N_("the other side did not take it; is the address still right, and the keyword set to 帮扶?"),
    "unreadable": N_("the address is not allowed any more; please write it again"),
    "interrupted": N_("the machine was stopped while sending, so it was not sent again"),
    "no_mail": N_("the school has not set up e-mail yet; ask whoever looks after the machine"),
}


def card(viewer) -> dict:
    """This function will say how the viewer is told and how the last one ended, for the page 我的."""
    row = Channel.objects.visible_to(viewer).first()
    is_on = row is not None and row.address is not None
    return {
        "kinds": [(kind, _(words)) for kind, words in KINDS.items()],
        "kind": row.kind if row else "email",
        "is_on": is_on,
        "is_head": viewer.holds(*HEADS),
        "address": _masked(row) if is_on else "",
        "at": f"{row.at if row else USUAL:%H:%M}",
        "earliest": f"{EARLIEST:%H:%M}",
        "problem": _(PROBLEMS[row.problem]) if is_on and row.problem else "",
        "tried_at": row.tried_at if is_on else None,
        "again": is_on and row.problem != "" and _again(viewer),
    }


def _again(viewer) -> bool:
    """Whether what did not go today is tried once more."""
    failed = Reminder.objects.visible_to(viewer).filter(day=viewer.day, state="failed")
    return failed.filter(tries__lt=MOST_TRIES).exists()


def _masked(row: Channel) -> str:
    """Enough to know it again, too little to use it: an address of a robot is a key."""
    text = row.address.reveal().split()[0]
    if row.kind == "email":
        name, _at, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{text.partition('://')[2].partition('/')[0]} …{text[-4:]}"


@act
def reminder(request) -> HttpResponse:
    """This function will keep how I want to be told, or stop it."""
    viewer, posted = request.viewer, request.POST
    if posted.get("off"):
        channel.stop(by=viewer)
        return done(
            request, address("me") + "#reminders", _("Nothing is sent any more. The address is forgotten.")
        )
    try:
        at = time.fromisoformat(posted.get("at", ""))
    except ValueError:
        raise channel.at_night(viewer) from None
    channel.choose(kind=posted.get("kind", ""), address=posted.get("address", ""), at=at, by=viewer)
    said = _("Kept. Try it once, so that you know it arrives.")
    return done(request, address("me") + "#reminders", said)


@act
def reminder_try(request) -> HttpResponse:
    """This function will send one sentence now and say whether it went."""
    problem = channel.try_it(by=request.viewer)
    to = address("me") + "#reminders"
    if problem:
        return done(request, to, _("It did not go: %(why)s.") % {"why": _(PROBLEMS[problem])}, kind="refused")
    return done(request, to, _("Sent. Look whether it has arrived."))


urlpatterns = [
    path("me/reminders", reminder, name="reminder"),
    path("me/reminders/try", reminder_try, name="reminder_try"),
]
