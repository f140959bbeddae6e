"""What does a form on a phone say beside the words of its framework."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "unknown": {"en": "Cannot say", "fr": "Ne peut être dit", "pl": "Nie można powiedzieć"},
    "not_applicable": {"en": "Does not apply", "fr": "Sans objet", "pl": "Nie dotyczy"},
    "state": {
        "en": "No answer, because",
        "fr": "Pas de réponse, car",
        "pl": "Brak odpowiedzi, ponieważ",
    },
    "because": {
        "en": "Why can it not be said or seen?",
        "fr": "Pourquoi cela ne peut-il être dit ou vu ?",
        "pl": "Dlaczego nie można tego powiedzieć lub zobaczyć?",
    },
    "high": {
        "en": "Up to (leave empty if it is the same)",
        "fr": "Jusqu'à (laisser vide si identique)",
        "pl": "Do (pozostawić puste, jeśli tyle samo)",
    },
    "assessor": {
        "en": "Who assesses? A role or a short name.",
        "fr": "Qui évalue ? Une fonction ou un nom court.",
        "pl": "Kto ocenia? Funkcja lub krótka nazwa.",
    },
    "parts": {
        "en": "Which parts do you answer now?",
        "fr": "À quelles parties répondez-vous maintenant ?",
        "pl": "Na które części odpowiada się teraz?",
    },
    "more": {"en": "one more", "fr": "un de plus", "pl": "jeszcze jedno"},
    "which": {"en": "Which?", "fr": "Lequel ?", "pl": "Które?"},
    "another": {"en": "Another", "fr": "Un autre", "pl": "Inne"},
    "called": {
        "en": "What is it called?",
        "fr": "Comment s'appelle-t-il ?",
        "pl": "Jak się nazywa?",
    },
    "unit": {"en": "In {unit}.", "fr": "En {unit}.", "pl": "W jednostce: {unit}."},
    "range": {
        "en": "From {low} to {high}.",
        "fr": "De {low} à {high}.",
        "pl": "Od {low} do {high}.",
    },
    "unchecked": {
        "en": "Not checked against the original.",
        "fr": "Non vérifié d'après l'original.",
        "pl": "Niesprawdzone z oryginałem.",
    },
    "part_unchecked": {
        "en": "Part of this form was not checked against the original.",
        "fr": "Une partie de ce formulaire n'a pas été vérifiée d'après l'original.",
        "pl": "Część tego formularza nie została sprawdzona z oryginałem.",
    },
    "alone": {
        "en": "This answer stands alone.",
        "fr": "Cette réponse ne se combine pas.",
        "pl": "Tej odpowiedzi nie łączy się z innymi.",
    },
    "order": {
        "en": "The upper end lies below the lower one.",
        "fr": "La fin est au-dessous du début.",
        "pl": "Koniec leży poniżej początku.",
    },
}  # fmt: skip


def word(key: str, language: str, **details: object) -> str:
    """
    Return a phrase of forms, in English where it is not there in `language`.

    Examples
    --------
    >>> word("unit", "fr", unit="m"), word("another", "fi")
    ('En m.', 'Another')
    """
    said = WORDS[key]
    return said.get(language, said["en"]).format(**details)
