"""What a web server imports: the WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bangfu.settings")
application = get_wsgi_application()

# What is loaded now stays for good: without this, a full board makes the collector walk all of it, 100 ms at a time.
gc.collect()
gc.freeze()
