"""Every address of the product. A place module in `web` brings its own `urlpatterns`; nouns only, no names in them."""

from django.urls import include, path

PLACES = (
    "account",
    "me",
    "reminders",
    "feedback",
    "today",
    "duties",
    "record",
    "carry",
    "sync",
    "child",
    "goals",
    "gaps",
    "survey",
    "class_grid",
    "coverage",
    "pairs",
    "pair_api",
    "rearrange",
    "handover",
    "sponsors",
    "visits",
    "areas",
    "villages",
    "households",
    "peers",
    "review",
    "spot_check",
    "decisions",
    "ending",
    "unmentioned",
    "signals",
    "recognition",
    "recognition_end",
    "applications",
    "notices",
    "attendance",
    "dropout",
    "schooling",
    "board",
    "intake",
    "lists",
    "list_pairs",
    "reports",
    "plan_texts",
    "plans",
    "studio",
    "honours",
    "setup",
    "staffing",
    "leave",
    "pauses",
    "inspection",
    "start",
)

urlpatterns = [path("", include(f"bangfu.web.{place}")) for place in PLACES]

handler400 = "bangfu.web.errors.bad_request"
handler403 = "bangfu.web.errors.not_allowed"
handler404 = "bangfu.web.errors.not_found"
handler500 = "bangfu.web.errors.broken"
