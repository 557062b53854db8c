"""When a row with `valid_from` and `valid_to` (end excluded, open if null) holds: one reading for every table that has both."""

from datetime import date

from django.db.models import Q, QuerySet


def valid_on(day: date, of: str = "") -> Q:
    """This function will give the condition that a row holds on a day; `of` is the way to it, like "enrolments"."""
    at = f"{of}__" if of else ""
    still_open = Q(**{f"{at}valid_to__isnull": True}) | Q(**{f"{at}valid_to__gt": day})
    return Q(**{f"{at}valid_from__lte": day}) & still_open


class ValidQuerySet(QuerySet):
    """Rows that hold from one day to another."""

    def on(self, day: date) -> "ValidQuerySet":
        """This function will keep the rows that hold on a day."""
        return self.filter(valid_on(day))
