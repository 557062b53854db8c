"""What a web server imports: the WSGI application, with every page loaded before the first visitor."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bangfu.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - loads the places, which Django would leave to the first request

# What is loaded now stays for good: without this, a full board makes the collector walk all of it, 100 ms at a time.
# A page makes tens of thousands of short-lived values; looking for rings among them every 700 finds none.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
