"""What do a city's map and its population say: open space, stops and services within a walk."""

from parvis.indicators.geodata.inventories import Inventory
from parvis.indicators.geodata.measures import CellReach, CityMeasures, measures_of
from parvis.indicators.geodata.people import Areas, PopulationCells

__all__ = ["Areas", "CellReach", "CityMeasures", "Inventory", "PopulationCells", "measures_of"]
