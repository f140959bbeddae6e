"""
Composite indicators: from values in their units to themes and blocks, and how sure those are.

The steps are those of the OECD and JRC handbook [1]_: :mod:`prepare`, :mod:`treat`,
:mod:`normalise`, :mod:`weights`, :mod:`aggregate`, :mod:`coherence`, :mod:`uncertainty`.

References
----------
.. [1] OECD, JRC, "Handbook on Constructing Composite Indicators: Methodology and User Guide", 2008.
"""

from parvis.indicators.composite.aggregate import How, MissingRule
from parvis.indicators.composite.change import decompose_change
from parvis.indicators.composite.choices import Choices, plausible_choices
from parvis.indicators.composite.coherence import coherence
from parvis.indicators.composite.draws import count_errors, replicates, survey_errors
from parvis.indicators.composite.estimated import errors_of_estimates
from parvis.indicators.composite.importance import importance
from parvis.indicators.composite.means import Aggregation
from parvis.indicators.composite.normalise import Frozen, Normalisation, Scale, freeze, normalise
from parvis.indicators.composite.prepare import Imputation, denominate, impute, screen
from parvis.indicators.composite.rows import Rows
from parvis.indicators.composite.score import Composite, Recipe, alongside, composite
from parvis.indicators.composite.situations import Situation, situation_of, verdict
from parvis.indicators.composite.statistics import describe_columns
from parvis.indicators.composite.treat import treat
from parvis.indicators.composite.tree import Direction, Node, Sphere, Tree, plant
from parvis.indicators.composite.uncertain import Uncertainty
from parvis.indicators.composite.uncertainty import sensitivity, uncertainty

__all__ = [
    "Aggregation",
    "Choices",
    "Composite",
    "Direction",
    "Frozen",
    "How",
    "Imputation",
    "MissingRule",
    "Node",
    "Normalisation",
    "Recipe",
    "Rows",
    "Scale",
    "Situation",
    "Sphere",
    "Tree",
    "Uncertainty",
    "alongside",
    "coherence",
    "composite",
    "count_errors",
    "decompose_change",
    "denominate",
    "describe_columns",
    "errors_of_estimates",
    "freeze",
    "importance",
    "impute",
    "normalise",
    "plant",
    "plausible_choices",
    "replicates",
    "screen",
    "sensitivity",
    "situation_of",
    "survey_errors",
    "treat",
    "uncertainty",
    "verdict",
]
