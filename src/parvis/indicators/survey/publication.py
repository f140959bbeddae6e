"""Which estimates may be shown, which with a warning, which not at all."""

from dataclasses import dataclass
from enum import StrEnum

from parvis.indicators.errors import ChoiceError
from parvis.indicators.estimates import Estimate, Flag, Note

LEAST_SHOWN, LEAST_PLAIN = 20, 50
"""Eurostat: answers below which a value is hidden, and below which it stands in brackets."""
LEAST_EFFECTIVE = 30.0
"""NCHS: effective answers below which a share is hidden."""
NARROW, WIDE, WIDEST_RELATIVE = 0.05, 0.30, 1.30
"""NCHS: interval widths always shown, never shown, and the greatest over the value between."""
LEAST_DF = 8.0
"""NCHS: degrees of freedom below which a share needs a statistician's look."""


class Rule(StrEnum):
    """A publication rule."""

    STRICTER = "stricter"
    EUROSTAT = "eurostat"
    NCHS = "nchs"


class Verdict(StrEnum):
    """What happens to a value; the later is the stricter."""

    SHOW = "show"
    BRACKETS = "brackets"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class Publication:
    """
    What may be shown of an estimate.

    Attributes
    ----------
    verdict : Verdict
    estimate : Estimate
        As it may be shown: flagged where it stands in brackets, without figures where hidden.
    reasons : tuple of Note
    """

    verdict: Verdict
    estimate: Estimate
    reasons: tuple[Note, ...]


def publication(
    estimate: Estimate, *, rule: Rule | str = Rule.STRICTER, is_share: bool
) -> Publication:
    """
    Decide by a publication rule what may be shown of a survey estimate.

    Parameters
    ----------
    estimate : Estimate
    rule : Rule
        'eurostat' counts answers: fewer than 20 are hidden, fewer than 50 stand in brackets [1]_.
        'nchs' is for shares: hidden are those with fewer than 30 effective answers, with an
        interval of 0.30 or wider, or of more than 0.05 and wider than 130 % of the share; fewer
        than 8 degrees of freedom stand in brackets [2]_. 'stricter' takes the worse of both.
    is_share : bool
        Whether the value is a share; other values are judged by the number of answers alone.

    Returns
    -------
    Publication

    Raises
    ------
    ChoiceError

    References
    ----------
    .. [1] Eurostat, "Methodological guidelines and description of EU-SILC target variables",
       publication rules on unweighted answers.
    .. [2] J. D. Parker et al., "National Center for Health Statistics Data Presentation Standards
       for Proportions", Vital and Health Statistics 2(175), 2017.

    Examples
    --------
    >>> found = publication(Estimate(0.2, 0.12, 0.31, n=35, n_effective=33.0), is_share=True)
    >>> found.verdict.value, found.estimate.flags[0].value
    ('brackets', 'u')
    """
    known = [each.value for each in Rule]
    if rule not in known:
        raise ChoiceError(what="rule", value=str(rule), accepted=", ".join(known))
    if estimate.is_refused:
        return Publication(Verdict.HIDE, estimate, estimate.notes)
    found: list[tuple[Verdict, Note]] = []
    if rule != Rule.NCHS or not is_share:
        found += _eurostat(estimate)
    if rule != Rule.EUROSTAT and is_share:
        found += _nchs(estimate)
    order = list(Verdict)
    verdict = max((each for each, _ in found), key=order.index, default=Verdict.SHOW)
    reasons = tuple(note for each, note in found if each is verdict)
    if verdict is Verdict.HIDE:
        return Publication(verdict, estimate.withheld(reasons[0]).marked(notes=reasons), reasons)
    flags = [Flag.UNRELIABLE] if verdict is Verdict.BRACKETS else []
    return Publication(verdict, estimate.marked(flags, reasons), reasons)


def _eurostat(estimate: Estimate) -> list[tuple[Verdict, Note]]:
    n = estimate.n or 0
    if n < LEAST_SHOWN:
        return [(Verdict.HIDE, Note("publish_few", {"n": n, "least": LEAST_SHOWN}))]
    if n < LEAST_PLAIN:
        return [(Verdict.BRACKETS, Note("publish_few", {"n": n, "least": LEAST_PLAIN}))]
    return []


def _nchs(estimate: Estimate) -> list[tuple[Verdict, Note]]:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return [(Verdict.HIDE, Note("publish_no_interval"))]
    found = []
    sizes = [each for each in (estimate.n, estimate.n_effective) if each is not None]
    size = min(sizes, default=0.0)
    if size < LEAST_EFFECTIVE:
        details = {"n": round(size, 1), "least": int(LEAST_EFFECTIVE)}
        found.append((Verdict.HIDE, Note("publish_few_effective", details)))
    width = estimate.high - estimate.low
    relative = width / estimate.value if estimate.value else float("inf")
    if width >= WIDE or (width > NARROW and relative > WIDEST_RELATIVE):
        found.append((Verdict.HIDE, Note("publish_wide", {"width": round(width, 4)})))
    if estimate.df is not None and estimate.df < LEAST_DF:
        details = {"df": round(estimate.df, 1), "least": int(LEAST_DF)}
        found.append((Verdict.BRACKETS, Note("publish_few_df", details)))
    return found
