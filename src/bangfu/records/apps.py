"""The one Django app that owns all tables: Django cannot move a model between apps cheaply."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RecordsConfig(AppConfig):
    name = "bangfu.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bangfu.records import limits, stale

        pre_migrate.connect(stale.remove, sender=self, dispatch_uid="stale.remove")
        post_migrate.connect(stale.install, sender=self, dispatch_uid="stale.install")
        pre_migrate.connect(limits.remove, sender=self, dispatch_uid="limits.remove")
        post_migrate.connect(limits.install, sender=self, dispatch_uid="limits.install")
