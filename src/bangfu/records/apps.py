"""The one Django app that owns all tables: Django cannot move a model between apps cheaply."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "bangfu.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
