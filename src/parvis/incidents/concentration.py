"""In how few places does how much of what is recorded lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.incidents.errors import IncidentOptionError
from parvis.indicators.checks import checked_counts

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Concentration:
    """
    How unevenly incidents lie over places.

    Attributes
    ----------
    n_places, n_incidents : int
    share_of_places : float
        Least share of all places that holds `of_incidents` of the incidents, 0 to 1.
    of_incidents : float
    gini : float
        0 where all places have as many, near 1 where one place has all.
    gini_sparse : float
        The same, 0 where incidents are spread as evenly as their number allows.
    curve : ndarray, shape (n_places + 1, 2)
        Share of places, from the fullest, and share of incidents there.
    """

    n_places: int
    n_incidents: int
    share_of_places: float
    of_incidents: float
    gini: float
    gini_sparse: float
    curve: Floats


def concentration(
    counts: ArrayLike, *, n_places: int | None = None, of_incidents: float = 0.5
) -> Concentration:
    """
    Tell how unevenly incidents lie over places.

    Parameters
    ----------
    counts : array_like of int
        Incidents by place.
    n_places : int, optional
        All places there are, those without incidents included; by default those given.
    of_incidents : float
        Share of the incidents to ask for, above 0 to 1.

    Returns
    -------
    Concentration
        NaN for all shares where there are no incidents.

    Raises
    ------
    CountError, IncidentOptionError

    Notes
    -----
    With fewer incidents ``c`` than places ``n`` most places are empty whatever happens; the
    generalised coefficient is ``max(1, n/c) (G - 1) + 1`` [1]_.

    References
    ----------
    .. [1] W. Bernasco, W. Steenbeek, "More places than crimes: implications for evaluating the
       law of crime concentration at place", Journal of Quantitative Criminology 33, 2017,
       451-467.

    Examples
    --------
    >>> found = concentration([1, 1, 1], n_places=10)
    >>> round(found.gini, 3), abs(round(found.gini_sparse, 3))
    (0.7, 0.0)
    """
    given = checked_counts(counts, "count").ravel()
    places = given.size if n_places is None else n_places
    if places < max(given.size, 1):
        accepted = f"at least {max(given.size, 1)}, the places that are listed"
        raise IncidentOptionError(what="Number of places", value=f"{places}", accepted=accepted)
    if not 0.0 < of_incidents <= 1.0:
        accepted = "above 0 and up to 1"
        raise IncidentOptionError(
            what="Share of incidents", value=f"{of_incidents:g}", accepted=accepted
        )
    falling = np.concatenate([np.sort(given)[::-1], np.zeros(places - given.size)])
    total = falling.sum()
    if total == 0.0:
        nan = float("nan")
        return Concentration(places, 0, nan, of_incidents, nan, nan, np.empty((0, 2)))
    heard = np.concatenate([[0.0], np.cumsum(falling)])
    reached = int(np.searchsorted(heard, of_incidents * total - 1e-9 * total))
    ranks = np.arange(places, 0, -1)
    gini = float(2.0 * (ranks * falling).sum() / (places * total) - (places + 1) / places)
    return Concentration(
        n_places=places,
        n_incidents=int(total),
        share_of_places=reached / places,
        of_incidents=of_incidents,
        gini=gini,
        gini_sparse=max(1.0, places / float(total)) * (gini - 1.0) + 1.0,
        curve=np.column_stack([np.arange(places + 1) / places, heard / total]),
    )
