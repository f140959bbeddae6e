"""Which words in a schedule of an event mean which column, kind, user or phase; en, de, fr."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from parvis.events.layout import ItemKind, PhaseKind, Users

Word = TypeVar("Word", bound=StrEnum)

SHEETS: Mapping[str, tuple[str, ...]] = {
    "phases": ("phase", "phases", "phasen", "zeiten", "zeitplan", "horaires", "schedule", "times"),
    "items": (
        "item", "items", "objekte", "aufbauten", "aufbau", "staende", "stande", "stalls",
        "elements", "objets", "installations", "positions", "positionen",
    ),
    "gates": ("gate", "gates", "tor", "tore", "zufahrten", "portes", "portails", "acces"),
}  # fmt: skip
"""Names of the sheets, folded."""

COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "phases": {
        "key": ("key", "phase", "name", "id", "bezeichnung", "nom"),
        "kind": ("kind", "type", "art", "typ", "nature"),
        "starts": ("starts", "start", "from", "begins", "beginn", "von", "ab", "debut", "de"),
        "ends": ("ends", "end", "to", "ende", "bis", "fin", "a"),
        "until": (
            "daily until", "every day until", "repeats until", "taglich bis", "jeden tag bis",
            "tous les jours jusqu au", "chaque jour jusqu au",
        ),
        "people": (
            "people", "visitors", "persons", "most people", "personen", "besucher", "gaste",
            "personnes", "visiteurs", "public",
        ),
        "leave_within": (
            "leave within", "egress limit", "minutes to leave", "raumungszeit", "raumung in",
            "evacuation", "temps d evacuation", "evacuer en",
        ),
        "time_zone": ("time zone", "timezone", "zeitzone", "fuseau horaire", "fuseau"),
        "notes": ("notes", "note", "remarks", "bemerkung", "bemerkungen", "remarque", "remarques"),
    },
    "items": {
        "id": ("id", "no", "nr", "number", "position", "item", "nummer", "numero", "n", "pos"),
        "kind": ("kind", "type", "art", "typ", "what", "was", "nature", "objekt"),
        "phases": ("phases", "phase", "phasen", "stands in", "steht in", "present"),
        "length": ("length", "lange", "laenge", "longueur"),
        "width": ("width", "depth", "breite", "tiefe", "largeur", "profondeur"),
        "rating": ("rating", "crash rating", "klasse", "prufklasse", "zertifizierung", "classe"),
        "stock_type": (
            "stock type", "stock", "product", "lagertyp", "produkt", "type de stock", "produit",
            "material",
        ),
        "lon": ("lon", "longitude", "langengrad"),
        "lat": ("lat", "latitude", "breitengrad"),
        "x": ("x", "easting", "rechtswert", "ost", "est"),
        "y": ("y", "northing", "hochwert", "nord"),
        "notes": ("notes", "note", "remarks", "bemerkung", "bemerkungen", "remarque", "remarques"),
    },
    "gates": {
        "id": ("id", "gate", "no", "nr", "tor", "porte", "portail", "acces", "numero", "n"),
        "phase": ("phase", "phases", "phasen", "in phase"),
        "users": (
            "open for", "for whom", "users", "offen fur", "geoffnet fur", "fur wen", "fur",
            "ouvert a", "ouvert pour", "pour qui", "usagers",
        ),
        "clear_width": (
            "clear width", "width", "lichte breite", "breite", "largeur libre", "largeur",
            "passage",
        ),
        "rating": ("rating", "crash rating", "klasse", "prufklasse", "classe"),
        "staffed_by": (
            "staffed by", "staff", "who", "role", "besetzt durch", "besetzt von", "wer", "dienst",
            "tenu par", "qui", "agent",
        ),
        "on_leaving": (
            "on leaving", "when leaving", "at the end", "beim verlassen", "bei verlassen",
            "dienstende", "en quittant", "en partant", "a la fin",
        ),
        "notes": ("notes", "note", "remarks", "bemerkung", "bemerkungen", "remarque", "remarques"),
    },
}  # fmt: skip
"""Header words by sheet and meaning, folded."""

DATE_WORDS = frozenset({"date", "day", "datum", "tag", "jour"})
TIME_WORDS = frozenset({"time", "hour", "uhrzeit", "zeit", "uhr", "heure"})
"""Second line of a header whose first line is the beginning or the end."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    "phases": ("key", "kind", "starts", "ends"),
    "items": ("id",),
    "gates": ("id", "phase", "users"),
}

EVERY = frozenset({"all", "every", "always", "alle", "immer", "tous", "toutes", "toujours", "*"})
CLOSED = frozenset({"closed", "nobody", "geschlossen", "zu", "niemand", "ferme", "personne", "-"})
NOBODY = frozenset({"nobody", "none", "no", "niemand", "keiner", "personne", "aucun", "-", "–"})

PHASE_KINDS: Mapping[PhaseKind, tuple[str, ...]] = {
    PhaseKind.BUILD_UP: ("build up", "set up", "aufbau", "montage", "installation"),
    PhaseKind.DELIVERY: (
        "delivery", "deliveries", "anlieferung", "lieferung", "belieferung", "livraison",
        "livraisons",
    ),
    PhaseKind.OPEN: ("open", "opening", "offnung", "geoffnet", "betrieb", "ouvert", "ouverture"),
    PhaseKind.CLOSING: (
        "closing", "take down", "dismantling", "abbau", "schliessung", "schluss", "fermeture",
        "demontage",
    ),
}  # fmt: skip

ITEM_KINDS: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.STALL: (
        "stall", "booth", "hut", "stand", "stande", "bude", "buden", "marktstand", "marktbude",
        "marktbuden", "hutte", "hutten", "etal", "chalet",
    ),
    ItemKind.STAGE: ("stage", "buhne", "scene", "podium"),
    ItemKind.QUEUE: ("queue", "queuing", "warteschlange", "schlange", "file", "file d attente"),
    ItemKind.FENCE: (
        "fence", "fencing", "zaun", "bauzaun", "absperrgitter", "gitter", "cloture", "grille",
    ),
    ItemKind.TENT: ("tent", "marquee", "zelt", "tente", "chapiteau"),
    ItemKind.TOILET: ("toilet", "toilette", "toiletten", "wc", "sanitaire"),
    ItemKind.FURNITURE: (
        "furniture", "bench", "tree", "ride", "carousel", "mobel", "bank", "baum", "karussell",
        "mobilier", "banc", "arbre", "manege", "other",
    ),
    ItemKind.BARRIER: (
        "barrier", "vehicle barrier", "mobile barrier", "sperre", "fahrzeugsperre", "barriere",
        "hvm",
    ),
    ItemKind.BLOCK: ("block", "concrete block", "betonblock", "bloc", "planter", "jardiniere"),
    ItemKind.BOLLARD: ("bollard", "poller", "borne", "potelet"),
    ItemKind.VEHICLE: ("vehicle", "lorry", "truck", "fahrzeug", "lkw", "vehicule", "camion"),
}  # fmt: skip

USERS: Mapping[Users, tuple[str, ...]] = {
    Users.EMERGENCY: (
        "emergency", "emergency services", "fire brigade", "ambulance", "rettung", "feuerwehr",
        "rettungsdienst", "notfall", "secours", "pompiers", "urgences",
    ),
    Users.DELIVERY: (
        "delivery", "deliveries", "suppliers", "stall holders", "lieferung", "lieferverkehr",
        "anlieferung", "lieferanten", "beschicker", "livraison", "livraisons", "livreurs",
        "exposants",
    ),
    Users.RESIDENTS: ("resident", "residents", "anwohner", "anlieger", "riverain", "riverains"),
    Users.PUBLIC: (
        "public", "public on foot", "on foot", "pedestrians", "visitors", "fussganger",
        "fuganger", "fussgaenger", "besucher", "offentlichkeit", "pieton", "pietons",
        "public a pied", "visiteurs",
    ),
}  # fmt: skip

_SEPARATORS = re.compile(r"[,;/+\n&]| and | und | et ")


def folded(text: str) -> str:
    """
    Return text without case, accents, punctuation and what stands in brackets.

    Examples
    --------
    >>> folded("Öffnet  für (wen)?"), folded("Länge [m]"), folded("Début")
    ('offnet fur', 'lange', 'debut')
    """
    if text.strip() in ("-", "–", "*"):
        return text.strip()
    bare = re.sub(r"\(.*?\)|\[.*?\]", " ", text.replace("ß", "ss"))
    plain = unicodedata.normalize("NFKD", bare)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


def parts(text: str) -> list[str]:
    """Return the entries of a cell that lists several."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def member(words: Mapping[Word, tuple[str, ...]], text: str) -> Word | None:
    """Return whose words contain `text`, singular or plural, None for nobody's."""
    said = folded(text)
    bare = re.sub(r"([aou])e", r"\1", said)
    endings = ("", "s", "en", "e", "n")
    for form in (word.removesuffix(end) for word in (said, bare) for end in endings):
        for key, known in words.items():
            if form in known or form == folded(str(key)):
                return key
    return None


def meaning(sheet: str, top: str, sub: str = "") -> str:
    """
    Return which column a header names, "" for none.

    Parameters
    ----------
    sheet : {"phases", "items", "gates"}
    top, sub : str
        The header's lines; `sub` is "" where it has one.
    """
    columns = COLUMNS[sheet]
    head, tail = folded(top), folded(sub)
    above = next((name for name, words in columns.items() if head in words), "")
    if above in ("starts", "ends") and tail in DATE_WORDS:
        return f"{above}_date"
    if above in ("starts", "ends") and tail in TIME_WORDS:
        return f"{above}_time"
    for group in ("starts", "ends"):
        for said in (head, tail):
            start, _, rest = said.rpartition(" ")
            if start in columns.get(group, ()) and rest in DATE_WORDS | TIME_WORDS:
                return f"{group}_{'date' if rest in DATE_WORDS else 'time'}"
    below = next((name for name, words in columns.items() if tail and tail in words), "")
    return below or above
