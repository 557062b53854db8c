"""What the server of `bench writes` serves: every page of ours, and beside them the plain ones a record is held against.

Started by granian as `bangfu serve` starts it, with the real settings; only the addresses are more. A factory, because
whoever only imports this (the bench looks for its jobs) must keep the addresses it has.
"""

import importlib
import os


def application():
    """This function will give the WSGI application of this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bangfu.settings")
    from django.conf import settings

    settings.ROOT_URLCONF = "bangfu.bench.plain_page"
    # By its name, as granian does: it loads every page and tunes the collector.
    return importlib.import_module("bangfu.wsgi").application
