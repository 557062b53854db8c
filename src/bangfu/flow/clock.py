"""The only place that knows what day it is. BANGFU_DAY holds it still for a demo or a test."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """This function will give today's date in the school's time zone, or the day set by BANGFU_DAY."""
    return settings.DAY or timezone.localdate()


def now() -> datetime:
    """This function will give the moment, aware; on a day set by BANGFU_DAY, that day at the present hour."""
    moment = timezone.localtime()
    if settings.DAY:
        return moment.replace(year=settings.DAY.year, month=settings.DAY.month, day=settings.DAY.day)
    return moment
