"""The peers of `bench school`: the same list of 50, written the way a Django tutorial does; a page that does nothing.

Model instances with select_related and prefetch, Django's own template engine, login_required, a paginator; the
same middleware, session and sign-in as our pages. Written lean: no translation, no search, nothing we leave out.
"""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Max, Prefetch, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.template.backends.django import DjangoTemplates
from django.urls import include, path

from bangfu.flow import clock
from bangfu.records.models import Enrolment, Evidence, EvidencePupil, Pupil, SchoolClass

PAGE = 50
ENGINE = DjangoTemplates(
    {
        "NAME": "plain",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
)
TEMPLATE = ENGINE.from_string("""<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>学生</title>
<link rel="stylesheet" href="/static/bangfu/shell.css"><link rel="stylesheet" href="/static/bangfu/parts.css">
<script src="/static/bangfu/shell.js" defer></script></head>
<body><nav><ul>
{% for link in links %}<li><a href="{% url link %}">{{ link }}</a></li>
{% endfor %}</ul></nav>
<header>{{ request.viewer.school.name }} {{ request.viewer.staff.name }}</header>
<main>{% for message in messages %}<p>{{ message }}</p>{% endfor %}
<h1>学生</h1>
<ul class="card rows">
{% for pupil in page %}{% with enrolment=pupil.now.0 %}<li class="row"><div class="grow">
<p><a class="who" href="{% url 'pupil' pupil.pk %}">{{ pupil.name }}</a></p>
<p class="second">{{ enrolment.school_class.label }}{% if enrolment.seat_no %} · {{ enrolment.seat_no }}号{% endif %}</p></div>
{% if pupil.last %}<span class="second keep">{{ pupil.last|date:"n月j日" }}</span>{% endif %}</li>
{% endwith %}{% endfor %}
</ul>
{% if page.has_previous %}<a href="?page={{ page.previous_page_number }}">往前</a>{% endif %}
{% if page.has_next %}<a href="?page={{ page.next_page_number }}">往后</a>{% endif %}
<form method="get"><input type="search" name="q"><select name="class"><option value="">全部</option>
{% for one in classes %}<option value="{{ one.pk }}">{{ one.label }}</option>
{% endfor %}</select><button>查找</button></form>
</main></body></html>""")
LINKS = ("today", "record_new", "pupils", "survey", "pairs", "reports", "me")


@login_required
def plain_pupils(request) -> HttpResponse:
    """This function will show the children of the school, fifty a page, from model instances."""
    day = request.day
    now = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    here = Q(enrolments__valid_from__lte=day) & (
        Q(enrolments__valid_to__isnull=True) | Q(enrolments__valid_to__gt=day)
    )
    enrolments = Enrolment.objects.filter(now).select_related("school_class")
    pupils = (
        Pupil.objects.filter(here, school=request.viewer.school)
        .order_by(
            "-enrolments__school_class__entry_year", "enrolments__school_class__number", "enrolments__seat_no"
        )
        .prefetch_related(Prefetch("enrolments", queryset=enrolments, to_attr="now"))
    )
    page = Paginator(pupils, PAGE).get_page(request.GET.get("page"))
    about = EvidencePupil.objects.filter(
        pupil__in=list(page), evidence__amended_by__isnull=True, evidence__is_withdrawn=False
    )
    last = dict(about.values_list("pupil").annotate(Max("happened_on")))
    for pupil in page:
        pupil.last = last.get(pupil.pk)
        for enrolment in pupil.now:
            enrolment.school_class.label = label(enrolment.school_class, day)
    classes = list(SchoolClass.objects.filter(school=request.viewer.school).order_by("-entry_year", "number"))
    for one in classes:
        one.label = label(one, day)
    return HttpResponse(TEMPLATE.render({"page": page, "classes": classes, "links": LINKS}, request))


def label(school_class: SchoolClass, day) -> str:
    """This function will name a class as our page does."""
    from bangfu.records.models.places import class_label

    return class_label(school_class.entry_year, school_class.number, day)


@login_required
def plain_record(request) -> HttpResponse:
    """This function will store one contact with nothing around it: no rule asked, no trail kept."""
    with transaction.atomic():
        record = Evidence.objects.create(
            school=request.viewer.school,
            author=request.viewer.staff,
            happened_on=request.day,
            written_at=clock.now(),
            activities=["talk"],
            note=request.POST["note"],
        )
        EvidencePupil.objects.create(
            evidence=record, pupil_id=request.POST["pupil"], happened_on=request.day, roles=["helper"]
        )
    return HttpResponseRedirect("/")


class PlainSheet(forms.ModelForm):
    """What a tutorial writes: the model's own form, and the children one may choose."""

    pupil = forms.ModelMultipleChoiceField(Pupil.objects.none())

    class Meta:
        model = Evidence
        fields = ("id", "minutes", "note", "bright_spot", "reflection")


@login_required
def plain_sheet(request) -> HttpResponse:
    """This function will store one contact the way a tutorial does: a form, checked; no trail, no state of any duty."""
    viewer = request.viewer
    form = PlainSheet(request.POST)
    form.fields["pupil"].queryset = Pupil.objects.visible_to(viewer).cared_for_by(viewer)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=422)
    with transaction.atomic():
        record = form.save(commit=False)
        record.school, record.author = viewer.school, viewer.staff
        record.happened_on, record.written_at = request.day, clock.now()
        record.activities = request.POST.getlist("activities")
        record.save()
        for pupil in form.cleaned_data["pupil"]:
            EvidencePupil.objects.create(
                evidence=record, pupil=pupil, happened_on=request.day, roles=["helper"]
            )
    return HttpResponseRedirect("/")


@login_required
def nothing(request) -> HttpResponse:
    """This function will answer with nothing: what session, sign-in and middleware cost before a page begins."""
    return HttpResponse("")


urlpatterns = [
    path("plain/pupils", plain_pupils),
    path("plain/record", plain_record),
    path("plain/sheet", plain_sheet),
    path("plain/nothing", nothing),
    path("", include("bangfu.urls")),
]
