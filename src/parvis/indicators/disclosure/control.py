"""Which cells can be published, and does any hidden one show through."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from parvis.indicators.disclosure.judge import Proof, is_met, limits_of
from parvis.indicators.disclosure.model import (
    Cell,
    Interval,
    Key,
    Known,
    Plan,
    Reason,
    Relation,
)
from parvis.indicators.disclosure.rules import Rules, default_rules, need_of, primary_reason
from parvis.indicators.disclosure.suppress import Suppression
from parvis.indicators.disclosure.system import shown_mask, system_of


def protect(
    cells: Iterable[Cell],
    relations: Iterable[Relation] = (),
    *,
    rules: Rules | None = None,
    known: Sequence[Known] = (),
    city: str | None = None,
    base: int | None = None,
    hidden: Mapping[Key, Reason] | None = None,
    accepted: Collection[Key] = (),
) -> Plan:
    """
    Decide which cells are published.

    Parameters
    ----------
    cells : iterable of Cell
        Of all that belongs to the tables, wanted or not; their order does not matter.
    relations : iterable of Relation
    rules : Rules, optional
        The shipped ones where none are given.
    known : sequence of Known
        What earlier releases told.
    city : str, optional
        Area of the whole city.
    base : int, optional
        What published counts are rounded to.
    hidden : mapping from Key to Reason, optional
        Cells hidden for reasons found elsewhere.
    accepted : collection of Key
        Cells that cannot be hidden any more, and are left so knowingly.

    Returns
    -------
    Plan

    Raises
    ------
    CountedCellError, RulesError
    ProtectionImpossibleError
        If a cell that is wanted shows through even where nothing else is published.

    Notes
    -----
    Partners are chosen relation by relation, then checked: a state of all cells that agrees with
    everything published and moves a cell proves that it can be so. Cells without proof are decided
    by a linear programme, and where they show through another one finds the cheapest further cells
    whose hiding lets them move, as in [1]_.

    References
    ----------
    .. [1] J. P. Kelly, B. L. Golden, A. A. Assad, "Cell suppression: disclosure protection for
       sensitive tabular data", Networks 22 (1992) 397-417.

    Examples
    --------
    >>> def cell(area, count):
    ...     return Cell(("SEC-02", "2025", area, ""), count)
    >>> table = [cell("city", 100), cell("D1", 3), cell("D2", 40), cell("D3", 57)]
    >>> total = Relation(table[0].key, tuple(each.key for each in table[1:]))
    >>> plan = protect(table, [total])
    >>> [(key[2], why.value) for key, why in sorted(plan.hidden.items())]
    [('D1', 'few'), ('D2', 'secondary')]
    """
    rules = default_rules() if rules is None else rules
    rules.checked_base(base)
    system = system_of(cells, relations, known)
    found = dict(hidden or {})
    for cell in system.cells:
        reason = primary_reason(cell, rules, city=city)
        if reason is not None:
            found[cell.key] = reason
    work = Suppression(system, found, rules, base=base, accepted=frozenset(accepted))
    work.run()
    low, high = system.counts - work.proof.down, system.counts + work.proof.up
    intervals = {
        system.cells[cell].key: Interval(
            key=system.cells[cell].key,
            low=float(low[cell]),
            high=float(high[cell]),
            is_exact=False,
            is_protected=is_met(system, work.proof, cell, need),
            reason=work.hidden[system.cells[cell].key],
        )
        for cell, need in work.needs.items()
    }
    return Plan(
        shown=tuple(
            cell.key for cell, is_shown in zip(system.cells, work.shown, strict=True) if is_shown
        ),
        hidden=dict(sorted(work.hidden.items())),
        base=base,
        intervals=dict(sorted(intervals.items())),
        revised=system.revised,
        accepted=tuple(sorted(accepted)),
        lost=tuple(
            system.cells[cell].key
            for cell in sorted(work.hopeless)
            if work.hidden[system.cells[cell].key] is not Reason.SECONDARY
        ),
    )


def audit(
    cells: Iterable[Cell],
    relations: Iterable[Relation],
    hidden: Mapping[Key, Reason],
    *,
    rules: Rules | None = None,
    known: Sequence[Known] = (),
    base: int | None = None,
) -> tuple[Interval, ...]:
    """
    Return what each hidden cell can be, given everything published: exact limits by programmes.

    Parameters
    ----------
    cells, relations, rules, known, base
        As of `protect`.
    hidden : mapping from Key to Reason
        What is hidden of the cells wanted, and of others why they need protection.

    Returns
    -------
    tuple of Interval

    Raises
    ------
    CountedCellError, RulesError

    Examples
    --------
    >>> city, one, two = (Cell(("SEC-02", "2025", a, ""), n) for a, n in zip("ABC", (43, 3, 40)))
    >>> found = audit([city, one, two], [Relation(city.key, (one.key, two.key))],
    ...               {one.key: Reason.FEW})
    >>> found[0].low, found[0].high, found[0].is_protected
    (3.0, 3.0, False)
    """
    rules = default_rules() if rules is None else rules
    rules.checked_base(base)
    system = system_of(cells, relations, known)
    low, high = system.limits(shown_mask(system, hidden), base=base)
    asked = sorted(system.index[key] for key in hidden)
    proof = Proof(np.zeros(len(system.cells)), np.zeros(len(system.cells)))
    limits = limits_of(system, low, high, asked, proof)
    found = []
    for cell in asked:
        each = system.cells[cell]
        reason = hidden[each.key]
        need = None if reason is Reason.RELIABILITY else need_of(each, reason, rules)
        found.append(
            Interval(
                key=each.key,
                low=limits[cell][0],
                high=limits[cell][1],
                is_exact=True,
                is_protected=need is None or is_met(system, proof, cell, need),
                reason=reason,
            )
        )
    return tuple(found)
