"""Words that municipal tables use for columns, kinds and states, in English, German and French."""

import re
import unicodedata
from collections.abc import Mapping

POSITION_WORDS: Mapping[str, tuple[str, ...]] = {
    "lon": ("lon", "lng", "long", "longitude", "laengengrad", "längengrad", "lon wgs84"),
    "lat": ("lat", "latitude", "breitengrad", "lat wgs84"),
    "x": ("x", "easting", "east", "e", "ost", "ostwert", "rechtswert", "coord x", "x coord",
          "x koordinate", "koordinate x", "coordonnee x", "coordonnées x"),
    "y": ("y", "northing", "north", "n", "nord", "nordwert", "hochwert", "coord y", "y coord",
          "y koordinate", "koordinate y", "coordonnee y", "coordonnées y"),
    "epsg": ("epsg", "srid", "crs", "coordinate system", "koordinatensystem", "bezugssystem",
             "système de coordonnées"),
    "wkt": ("wkt", "geometry", "geom", "the geom", "shape"),
    "address": ("address", "street address", "location", "adresse", "standort", "lage", "ort",
                "emplacement", "lieu", "localisation"),
    "street": ("street", "street name", "road", "strasse", "straße", "strassenname", "str", "rue",
               "voie", "nom de la voie", "nom de rue"),
    "house": ("house number", "house no", "hausnummer", "hausnr", "haus nr", "hnr",
              "numéro de voirie", "numéro de rue", "n de voirie"),
}  # fmt: skip

BARRIER_WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": ("type", "kind", "barrier", "barrier type", "type of barrier", "typ", "art",
             "sperrentyp", "sperre", "element", "elementtyp", "bezeichnung", "produkt", "product",
             "nature", "dispositif", "équipement", "type de barrière", "désignation"),
    "rating": ("rating", "class", "rating class", "crash rating", "performance rating",
               "impact rating", "classification", "klassifizierung", "klassifikation", "klasse",
               "einstufung", "anprallklasse", "aufprallklasse", "anprallschutzklasse",
               "sicherheitsklasse", "prüfklasse", "schutzklasse", "widerstandsklasse",
               "leistungsklasse", "classe", "classement", "classe de résistance",
               "niveau de résistance", "performance"),
    "count": ("number", "number of elements", "quantity", "qty", "count", "pieces", "pcs", "units",
              "anzahl", "stück", "stückzahl", "menge", "stk", "nombre", "quantité", "qté", "nb",
              "pièces"),
    "length": ("length", "element length", "span", "länge", "laenge", "elementlänge",
               "breite des elements", "longueur", "largeur barrée", "longueur de l'élément"),
    "note": ("note", "notes", "remark", "remarks", "comment", "bemerkung", "bemerkungen",
             "anmerkung", "hinweis", "remarque", "remarques", "commentaire", "observations"),
}  # fmt: skip

REGISTER_WORDS: Mapping[str, tuple[str, ...]] = {
    **POSITION_WORDS,
    **BARRIER_WORDS,
    "state": ("state", "status", "position", "zustand", "stellung", "betriebszustand", "état",
              "etat", "statut"),
    "id": ("id", "no", "nr", "lfd nr", "lfd", "asset id", "asset", "inventory number", "kennung",
           "inventarnummer", "objekt nr", "numéro", "num", "identifiant", "référence"),
}  # fmt: skip

STOCK_WORDS: Mapping[str, tuple[str, ...]] = {
    **BARRIER_WORDS,
    "certificate": ("certificate", "certificate number", "certificate no", "test report",
                    "zertifikat", "zertifikatsnummer", "zertifikat nr", "prüfbericht", "nachweis",
                    "certificat", "numéro du certificat", "rapport d'essai"),
    "place": ("where kept", "kept at", "store", "storage", "depot", "warehouse", "location",
              "lager", "lagerort", "standort", "aufbewahrungsort", "dépôt", "lieu de stockage",
              "entrepôt", "stockage"),
    "lead": ("lead time", "lead time days", "lead days", "delivery time", "days", "vorlauf",
             "vorlaufzeit", "lieferzeit", "lieferfrist", "tage", "délai", "délai de livraison",
             "délai de mise à disposition", "jours"),
    "cost": ("cost", "cost per element", "cost per deployment", "price", "unit cost", "unit price",
             "kosten", "kosten je element", "kosten pro einsatz", "kosten je einsatz", "preis",
             "stückpreis", "einzelpreis", "coût", "coût unitaire", "coût par déploiement", "prix",
             "prix unitaire"),
    "operable": ("operable", "opens", "can be opened", "zu öffnen", "öffenbar", "beweglich",
                 "manoeuvrable", "ouvrable", "amovible"),
}  # fmt: skip

KINDS: Mapping[str, tuple[str, bool]] = {
    "bollard": ("bollard", False), "bollards": ("bollard", False), "poller": ("bollard", False),
    "pfosten": ("bollard", False), "borne": ("bollard", False), "bornes": ("bollard", False),
    "potelet": ("bollard", False), "plot": ("bollard", False), "absperrpfosten": ("bollard", False),
    "rising bollard": ("bollard", True), "retractable bollard": ("bollard", True),
    "automatic bollard": ("bollard", True), "removable bollard": ("bollard", True),
    "versenkbarer poller": ("bollard", True), "versenkpoller": ("bollard", True),
    "hydraulikpoller": ("bollard", True), "senkpoller": ("bollard", True),
    "borne escamotable": ("bollard", True), "borne amovible": ("bollard", True),
    "herausnehmbarer poller": ("bollard", True),
    "block": ("block", False), "concrete block": ("block", False), "betonblock": ("block", False),
    "betonklotz": ("block", False), "betonquader": ("block", False), "bloc": ("block", False),
    "bloc beton": ("block", False), "plot beton": ("block", False), "steinblock": ("block", False),
    "mobile barrier": ("block", False), "mobile sperre": ("block", False),
    "mobile fahrzeugsperre": ("block", False), "barriere mobile": ("block", False),
    "planter": ("planter", False), "pflanzkubel": ("planter", False),
    "blumenkubel": ("planter", False), "pflanztrog": ("planter", False),
    "jardiniere": ("planter", False), "bac a fleurs": ("planter", False),
    "jersey barrier": ("jersey_barrier", False), "betonleitwand": ("jersey_barrier", False),
    "gba": ("jersey_barrier", False), "separateur beton": ("jersey_barrier", False),
    "gate": ("gate", True), "tor": ("gate", True), "portail": ("gate", True),
    "swing gate": ("swing_gate", True), "drehtor": ("swing_gate", True),
    "sliding gate": ("sliding_gate", True), "schiebetor": ("sliding_gate", True),
    "lift gate": ("lift_gate", True), "schranke": ("lift_gate", True),
    "barriere levante": ("lift_gate", True), "barrier arm": ("lift_gate", True),
    "wedge": ("wedge_barrier", True), "wedge barrier": ("wedge_barrier", True),
    "keilsperre": ("wedge_barrier", True), "road blocker": ("road_blocker", True),
    "strassensperre": ("road_blocker", True), "obstacle escamotable": ("road_blocker", True),
    "guard rail": ("guard_rail", False), "schutzplanke": ("guard_rail", False),
    "leitplanke": ("guard_rail", False), "glissiere": ("guard_rail", False),
    "wall": ("wall", False), "mauer": ("wall", False), "mur": ("wall", False),
    "muret": ("wall", False), "chain": ("chain", False), "kette": ("chain", False),
    "chaine": ("chain", False), "fence": ("fence", False), "zaun": ("fence", False),
    "cloture": ("fence", False),
}  # fmt: skip
"""Folded word to the city's kind, and whether it opens."""

STATE_WORDS: Mapping[str, tuple[str, ...]] = {
    "closed": ("closed", "up", "raised", "fixed", "in place", "permanent", "standing",
               "geschlossen", "zu", "oben", "ausgefahren", "fest", "steht", "aufgestellt",
               "vorhanden", "fermé", "fermee", "levé", "relevé", "fixe", "en place"),
    "lowered": ("lowered", "down", "open", "abgesenkt", "versenkt", "unten", "offen", "geöffnet",
                "eingefahren", "baissé", "abaissé", "escamoté", "ouvert", "ouverte"),
    "active": ("active", "operable", "automatic", "aktiv", "beweglich", "automatisch",
               "in betrieb", "actif", "automatique", "manoeuvrable", "en service"),
    "removed": ("removed", "gone", "in storage", "dismantled", "entfernt", "abgebaut", "demontiert",
                "eingelagert", "nicht vorhanden", "enlevé", "retiré", "démonté", "déposé",
                "supprimé"),
}  # fmt: skip

UNRATED = ("", "-", "--", "unrated", "none", "no", "n/a", "na", "not rated", "unknown", "ohne",
           "keine", "kein", "nein", "nicht klassifiziert", "ungeprüft", "nicht geprüft",
           "unbekannt", "entfällt", "aucun", "aucune", "non classé", "non classée", "non testé",
           "sans", "non", "inconnu")  # fmt: skip

UNITS: Mapping[str, float] = {"mm": 0.001, "cm": 0.01, "dm": 0.1, "m": 1.0}
"""Units of length in a header's brackets. [m]"""


def fold(text: str) -> str:
    """
    Return a word without case, accents, brackets and signs.

    Examples
    --------
    >>> fold("Länge [cm]"), fold("N° de la Straße")
    ('lange', 'n de la strasse')
    """
    plain = re.sub(r"[(\[].*?[)\]]", " ", text).casefold()
    letters = unicodedata.normalize("NFKD", plain.replace("œ", "oe"))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", kept).split())
