"""How fast can each class be on each street of a city, solved once for all windows in it."""

from collections import OrderedDict
from threading import Lock

import numpy as np

from parvis.approach.street_field import StreetField, solve_street_field
from parvis.approach.street_field_entries import segment_gradients
from parvis.approach.turns import turn_graph
from parvis.approach.vehicles import VehicleParameters
from parvis.city.model import City

MOST_TURNS = 5_000_000
"""Fields are kept until they hold this many turns together, about 0.4 GB."""


class StreetFields:
    """
    The street fields of one city; each is solved when it is first asked for, and kept.

    A street field looks at the whole city and at no window, so that all spaces share it. Threads
    may ask at the same time.

    Parameters
    ----------
    city : City
    is_sloping : bool
        The city's terrain is fine enough to be driven on.
    """

    def __init__(self, city: City, *, is_sloping: bool) -> None:
        self.city = city
        self._gradient = segment_gradients(city) if is_sloping else None
        self._is_steps = np.asarray(city.streets["is_steps"], dtype=np.bool_)[city.segments.street]
        self._fields: OrderedDict[tuple[VehicleParameters, bool, frozenset[int]], StreetField]
        self._fields = OrderedDict()
        self._lock = Lock()

    def field(
        self,
        parameters: VehicleParameters,
        *,
        passes_steps: bool,
        closed: frozenset[int] = frozenset(),
    ) -> StreetField:
        """
        Return the street field of a vehicle body.

        Parameters
        ----------
        parameters : VehicleParameters
        passes_steps : bool
            Steps are passable.
        closed : frozenset of int
            Ids of the map's nodes that nothing passes.
        """
        key = (parameters, passes_steps, closed)
        with self._lock:
            field = self._fields.get(key)
            if field is None:
                field = self._solve(*key)
                self._fields[key] = field
                while self._n_turns() > MOST_TURNS and len(self._fields) > 1:
                    self._fields.popitem(last=False)
            self._fields.move_to_end(key)
            return field

    def _n_turns(self) -> int:
        return sum(field.graph.n_turns for field in self._fields.values())

    def _solve(
        self, parameters: VehicleParameters, passes_steps: bool, closed: frozenset[int]
    ) -> StreetField:
        segments = self.city.segments
        blocked = np.flatnonzero(np.isin(segments.node_osm_id, list(closed))) if closed else ()
        graph = turn_graph(
            segments,
            np.asarray(self.city.streets.coords, dtype=np.float64),
            parameters,
            is_passable=None if passes_steps else ~self._is_steps,
            blocked_nodes=blocked,
        )
        return solve_street_field(graph, parameters, gradient=self._gradient)
