"""Which layer of a design is meant by a layer's own name in a drawing or GeoPackage."""

import re
import unicodedata
from collections.abc import Mapping

from parvis.city.variant_layers import DESIGN_LAYERS
from parvis.errors import InputError
from parvis.io.layer_rows import kinds_of

LIMIT = "limit"
IGNORE = "ignore"

WORDS: Mapping[str, tuple[str, ...]] = {
    LIMIT: ("limit", "perimeter", "planungsgrenze", "bearbeitungsgrenze", "geltungsbereich",
            "limite", "perimetre", "emprise"),
    "kerbs:kerb": ("kerb", "kerbs", "curb", "curbs", "bordstein", "bordkante", "randstein",
                   "bordure", "bordures"),
    "walls:wall": ("wall", "walls", "mauer", "mauern", "mur", "murs", "muret", "murets"),
    "walls:retaining_wall": ("retaining", "stuetzmauer", "stutzmauer", "soutenement"),
    "fences:fence": ("fence", "fences", "zaun", "zaeune", "zaune", "cloture", "clotures"),
    "fences:hedge": ("hedge", "hedges", "hecke", "hecken", "haie", "haies"),
    "fences:handrail": ("railing", "railings", "handrail", "gelaender", "gelander", "rambarde"),
    "steps:steps": ("step", "steps", "stair", "stairs", "treppe", "treppen", "stufe", "stufen",
                    "escalier", "escaliers", "marches", "emmarchement"),
    "trees:tree": ("tree", "trees", "baum", "baeume", "baume", "arbre", "arbres"),
    "water:water": ("water", "wasser", "gewaesser", "gewasser", "becken", "eau", "bassin"),
    "water:fountain": ("fountain", "fountains", "brunnen", "fontaine", "fontaines"),
    "ground:ground_drivable": ("ground", "paving", "surface", "belag", "bodenbelag", "sol",
                               "revetement", "chaussee"),
    "furniture:": ("furniture", "moebel", "mobel", "stadtmobiliar", "mobiliar", "mobilier"),
    "furniture:bench": ("bench", "benches", "sitzbank", "baenke", "banke", "banc", "bancs"),
    "furniture:street_lamp": ("lamp", "lamps", "lighting", "leuchte", "leuchten", "laterne",
                              "lampadaire", "lampadaires", "luminaire", "luminaires"),
    "furniture:camera": ("camera", "cameras", "kamera", "kameras"),
    "barriers:": ("barrier", "barriers", "barriere", "barrieren", "barrieres"),
    "barriers:bollard": ("bollard", "bollards", "poller", "borne", "bornes", "potelet",
                         "potelets"),
    "barriers:block": ("block", "blocks", "bloc", "blocs"),
    "barriers:planter": ("planter", "planters", "pflanzkuebel", "pflanzkubel", "jardiniere",
                         "jardinieres"),
    "barriers:gate": ("gate", "gates", "portail", "portails"),
    "buildings:building": ("building", "buildings", "gebaeude", "gebaude", "batiment",
                           "batiments"),
}  # fmt: skip
"""Words of layer names, without accents, by ``layer:kind`` in English, German and French."""
_BY_WORD = {word: meaning for meaning, words in WORDS.items() for word in words}


class LayerMeaningError(InputError):
    """A layer name was given a meaning that designs do not have."""

    code = "variant_layer_meaning"


class LayerOptionError(InputError):
    """What a layer means was not said as NAME=LAYER."""

    code = "variant_layer_option"


def meaning_of(name: str, given: Mapping[str, str]) -> tuple[str, str] | None:
    """
    Return design layer and kind ("" for its usual one) that a layer's name means.

    Parameters
    ----------
    name : str
        Such as ``"A-KERB-NEW"``, ``"Bordstein_neu"``, ``"trees"``.
    given : mapping of str to str
        What the person said, as ``"walls"``, ``"walls:cliff"``, ``"ignore"`` or ``"limit"``.

    Returns
    -------
    tuple of str or None
        None where no word, or words of different layers, are recognised. A word decides only as a
        whole; an underscore, hyphen, space or digit ends it.

    Examples
    --------
    >>> meaning_of("V_Bordstein_neu", {})
    ('kerbs', 'kerb')
    >>> meaning_of("WALL-TREES", {}) is None
    True
    """
    if name in given:
        layer, _, kind = given[name].partition(":")
        return layer, kind
    found = {_BY_WORD[word] for word in _words(name) if word in _BY_WORD}
    layers = {meaning.partition(":")[0] for meaning in found}
    if len(layers) != 1:
        return None
    kinds = {meaning.partition(":")[2] for meaning in found} - {""}
    if kinds == {"wall", "retaining_wall"}:
        kinds = {"retaining_wall"}
    return layers.pop(), kinds.pop() if len(kinds) == 1 else ""


def check_meanings(given: Mapping[str, str]) -> None:
    """
    Raise where a layer name was given a meaning that does not exist.

    Raises
    ------
    LayerMeaningError
    """
    for name, meaning in given.items():
        layer, _, kind = meaning.partition(":")
        if meaning in (IGNORE, LIMIT):
            continue
        if layer not in DESIGN_LAYERS:
            accepted = ", ".join([*DESIGN_LAYERS, LIMIT, IGNORE])
            raise LayerMeaningError(layer=name, value=meaning, accepted=accepted)
        kinds = kinds_of(DESIGN_LAYERS[layer].rule)
        if kind and kind not in kinds:
            accepted = ", ".join(f"{layer}:{known}" for known in sorted(kinds))
            raise LayerMeaningError(layer=name, value=meaning, accepted=accepted)


def _words(name: str) -> list[str]:
    plain = name.lower().replace("ß", "ss")
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return re.findall(r"[a-z]+", plain)
