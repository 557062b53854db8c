"""What the server of `bench writes` serves: every page of ours, and beside them the plain ones a record is held against.

Started by granian as `bangfu serve` starts it, with the real settings; only the addresses are more.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bangfu.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "bangfu.bench.plain_page"
application = get_wsgi_application()
