"""Deletes the files of cities that were removed long ago."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from parvis_web.accounts.rights import Actor
from parvis_web.cities.models import City
from parvis_web.cities.services import purge_city


class Command(BaseCommand):
    """Deletes what lies on the disk of cities that nobody brought back in time."""

    help = "Delete the files of cities that were removed some time ago."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how long a removed city can be brought back."""
        parser.add_argument("--days", type=int, default=30, help="Since removal (default 30).")

    def handle(self, *_args: Any, days: int, **_options: Any) -> None:
        """Delete and count."""
        since = timezone.now() - timedelta(days=days)
        cities = City.objects.filter(removed__lt=since, purged__isnull=True)
        for city in cities.select_related("authority"):
            purge_city(Actor(city.authority, via="command"), city)
            self.stdout.write(f"{city.name}: files deleted.")
