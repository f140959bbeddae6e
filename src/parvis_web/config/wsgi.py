"""The door for a web server: ``parvis_web.config.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis_web.config.settings.prod")
application = get_wsgi_application()
