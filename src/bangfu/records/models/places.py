"""Schools and classes. A class is known by entry year and number; its grade follows from the school year."""

import uuid
from datetime import date

from django.db import models

SCHOOL_YEAR_BEGINS_IN = 8  # enrolment of first-graders is done in late August
GRADE_NAMES = "〇一二三四五六七八九"


def school_year_of(day: date) -> int:
    """This function will give the year in which the school year of `day` began."""
    return day.year if day.month >= SCHOOL_YEAR_BEGINS_IN else day.year - 1


def entry_year_of_grade(grade: int, day: date) -> int:
    """This function will give the entry year of the pupils who are in `grade` on `day`."""
    return school_year_of(day) - grade + 1


def grade_of_entry_year(entry_year: int, day: date) -> int:
    """This function will give the grade (1…) that the pupils of `entry_year` are in on `day`."""
    return school_year_of(day) - entry_year + 1


def class_label(entry_year: int, number: int, day: date) -> str:
    """This function will give the class as people say it: 三（2）班; a class out of range keeps its entry year."""
    grade = grade_of_entry_year(entry_year, day)
    if 1 <= grade <= 9:
        return f"{GRADE_NAMES[grade]}（{number}）班"
    return f"{entry_year}级（{number}）班"


class School(models.Model):
    """One school. `calendar_version` grows with every change of terms or days, so caches know."""

    class Privacy:
        keep = (
            "id", "name", "code", "calendar_version", "is_demo", "watches_signals", "girls_visited_by_two", "created_at",
        )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=20, blank=True)
    calendar_version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    watches_signals = models.BooleanField(default=False)  # early warning: off until the principal wants it
    girls_visited_by_two = models.BooleanField(default=True)  # a visit to a girl's home: two, or a sentence why not
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.name


class SchoolClassQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        if viewer.sees_roll:
            return here
        return here.filter(models.Q(pk__in=viewer.class_ids) | models.Q(entry_year__in=viewer.entry_years))

    def in_order(self):
        """Grade order, as the school counts: youngest first."""
        return self.order_by("-entry_year", "number")


class SchoolClass(models.Model):
    """A class of a school: those who entered in `entry_year`, class `number`."""

    class Privacy:
        keep = ("id", "school", "entry_year", "number", "site")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="classes")
    entry_year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    site = models.CharField(max_length=40, blank=True)  # a teaching point away from the main campus

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "entry_year", "number"], name="one_class_per_year_and_number"
            ),
        ]

    def grade_on(self, day: date) -> int:
        return grade_of_entry_year(self.entry_year, day)

    def label_on(self, day: date) -> str:
        return class_label(self.entry_year, self.number, day)

    def __str__(self):
        return f"{self.entry_year}-{self.number}"
