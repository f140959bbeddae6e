"""Settings of the worker processes that tests start: files of its own, one more app."""

import os

from parvis_web.config.env import database
from parvis_web.config.settings.test import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "laboratory"]  # noqa: F405
DATABASES = {"default": database(os.environ["DATABASE_URL"], PARVIS_DATA)}  # noqa: F405
PARVIS_RUN_SILENCE = 3
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
