"""What stands on the card of a number, and what is told beside a block?"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from parvis_web.dashboard.queries import Shown, delivery_of, history_of
from parvis_web.dashboard.words import DIRECTIONS, GRADES, HALVES, METHODS, SOURCES, Words
from parvis_web.ui.formats import MISSING, number, percent

if TYPE_CHECKING:
    from parvis.indicators.dashboard import Block, Card, Half, Sphere
    from parvis.report.figures import Figure
    from parvis.report.figures import Words as FigureWords


def block_description(block: "Block", words: Words) -> str:
    """Return what a block is about."""
    from parvis.packs.indicators import shipped_catalogue

    entry = next(each for each in shipped_catalogue().blocks if each.key == block.key)
    return words.description(entry)


def score_of(words: Words, half: "Half") -> dict[str, Any]:
    """Return the score of a half in words; a sentence where there is none."""
    score = half.score
    said: dict[str, Any] = {"label": HALVES[half.sphere], "value": "", "notes": []}
    if score is None:
        return said
    said["notes"] = words.notes(score.notes)
    if score.value is None:
        return said
    said["value"] = number(score.value, 1)
    if score.low is not None and score.high is not None:
        ends = {"low": number(score.low, 1), "high": number(score.high, 1)}
        said["interval"] = _("%(low)s to %(high)s") % ends
    if score.arithmetic is not None:
        said["mean"] = number(score.arithmetic, 1)
    said["share"] = percent(score.share_present)
    if score.change.value != "unknown":
        said["change"] = words.said.label(score.change, None)
    return said


def why_not_moved(shown: Shown, block: "Block", sphere: "Sphere") -> str:
    """Return why there is no waterfall; empty where there is one."""
    from parvis.indicators.dashboard import moved

    said = moved(shown.found, block.key, sphere)
    return Words(shown).said.note(said.note) if said.note else ""


def gaps_of(shown: Shown, block: "Block", words: Words) -> list[dict[str, Any]]:
    """Return what data a block lacks, and what each half of a theme would gain."""
    from parvis.indicators.dashboard import missing_data

    themes = {theme.key: theme for theme in block.themes}
    found = []
    for each in missing_data(shown.found):
        if each.block != block.key or each.theme is None:
            continue
        if not each.is_scored:
            gain = _("Shown beside the others; it counts for no score.")
        elif each.is_enough:
            gain = _("There is enough for a score; more data make it surer.")
        else:
            gain = _("%(n)s more would be enough for a score of this half.") % {
                "n": number(each.n_needed)
            }
        found.append(
            {
                "theme": words.name(themes[each.theme]),
                "half": HALVES[each.sphere],
                "gain": gain,
                "missing": [
                    {
                        "code": one.code,
                        "name": words.name(one.indicator),
                        "is_core": one.is_core,
                        "sources": ", ".join(str(SOURCES[source]) for source in one.sources),
                        "questions": ", ".join(one.questions),
                        "reason": words.said.note(one.reason),
                    }
                    for one in each.missing
                ],
            }
        )
    return found


def facts_of(shown: Shown, card: "Card", words: Words) -> dict[str, Any]:
    """Return everything that is known about a number and where it comes from."""
    from parvis.indicators.dashboard.figures_of import estimated
    from parvis.report.figures import Words as FigureWords
    from parvis_web.dashboard import figures

    indicator, latest = card.indicator, card.latest
    facts: dict[str, Any] = {
        "description": words.description(indicator),
        "formula": indicator.formula,
        "numerator": indicator.numerator,
        "denominator": indicator.denominator,
        "direction": DIRECTIONS[indicator.direction],
        "method": METHODS[indicator.error_model],
        "version": indicator.version,
        "valid_from": indicator.valid_from,
        "standards": [
            {
                "name": " ".join(part for part in (each.name, each.clause) if part),
                "edition": each.edition,
                "is_verified": shown.catalogue.evidence[each.evidence].verified,
            }
            for each in indicator.standards
        ],
        "changed": shown.catalogue.reasons.get(card.code, ""),
        "is_complete": card.is_complete_count,
        "notes": words.notes(card.notes),
        "choice": shown.decided.choices.get(card.code),
        "comparisons": [
            _comparison(words, card, each, is_base=each is card.since_base)
            for each in (card.since_base, card.since_last)
            if each is not None and (each is card.since_base or each != card.since_base)
        ],
    }
    if latest is not None:
        row = latest.observation
        figure = figures.trend(shown, card)
        said = FigureWords(figure) if figure is not None else None
        facts |= {
            "n": number(latest.estimate.n) if latest.estimate.n is not None else MISSING,
            "above": number(row.numerator) if row.numerator is not None else "",
            "below": number(row.denominator) if row.denominator is not None else "",
            "error": (
                words.said.difference(card, latest.estimate.standard_error)
                if latest.estimate.standard_error is not None and not card.is_complete_count
                else ""
            ),
            "flags": said.flags() if said else (),
            "recorded": _recorded(figure, said),
            "source": row.source,
            "grade": row.grade.value,
            "grade_label": GRADES[row.grade.value],
            "delivery": delivery_of(shown.actor, row.key),
            "history": [
                {
                    "delivery": each.delivery,
                    "period": each.observation.period,
                    "value": words.said.value(card, estimated(each.observation, indicator).value),
                }
                for each in history_of(shown.actor, card.code, shown.area)
            ],
        }  # fmt: skip
    return facts


def _comparison(words: Words, card: "Card", said: Any, *, is_base: bool) -> dict[str, Any]:
    ratio = said.ratio
    shown = {
        "since": said.before.period,
        "is_base": is_base,
        "change": words.said.label(said.change, said.is_better),
        "difference": "",
        "ratio": "",
        "probability": "",
        "notes": words.notes(said.notes),
    }
    if said.difference is not None and said.difference.value is not None:
        shown["difference"] = words.said.difference(card, said.difference.value)
        shown["difference_interval"] = words.said.interval(card, said.difference, is_gap=True)
    if ratio is not None and ratio.value is not None:
        shown["ratio"] = number(ratio.value, 2)
        if ratio.low is not None and ratio.high is not None:
            ends = {"low": number(ratio.low, 2), "high": number(ratio.high, 2)}
            shown["ratio_interval"] = _("%(low)s to %(high)s") % ends
    if said.probability_rose is not None:
        shown["probability"] = _probable(said.probability_rose)
    return shown


def _probable(probability: float) -> str:
    if probability > 0.99:
        return _("more than %(share)s") % {"share": percent(0.99)}
    if probability < 0.01:
        return _("less than %(share)s") % {"share": percent(0.01)}
    return percent(probability)


def _recorded(figure: "Figure | None", said: "FigureWords | None") -> list[str]:
    """Return the sentence on how much is reported; nothing where nothing is recorded crime."""
    if figure is None or said is None or figure.recorded is None:
        return []
    return [each for each in said.caveats() if each not in figure.caveats][-1:]
