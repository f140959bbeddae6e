"""Which languages does the interface have, and which ones are readers offered?"""

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

COMPLETE = ("en", "fr", "pl")
"""Languages whose catalogue holds at least 95 % of the texts; English is the source."""
NAMES = {
    "en": "English",
    "bg": "Български",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "es": "Español",
    "et": "Eesti",
    "fi": "Suomi",
    "fr": "Français",
    "ga": "Gaeilge",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "it": "Italiano",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "mt": "Malti",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sv": "Svenska",
}
"""Every language with a catalogue, by the name its speakers give it."""


def offered(enabled: Iterable[str]) -> list[tuple[str, str]]:
    """Return the complete languages and those that the installation enables besides."""
    chosen = list(enabled)
    for code in chosen:
        if code not in NAMES:
            raise ImproperlyConfigured(
                f"PARVIS_LANGUAGES names {code!r}; choose from {', '.join(NAMES)}."
            )
    return [(code, name) for code, name in NAMES.items() if code in {*COMPLETE, *chosen}]
