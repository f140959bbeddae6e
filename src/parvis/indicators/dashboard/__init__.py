"""What a dashboard says, computed from observations, the catalogue and its themes."""

from parvis.indicators.dashboard.areas import AreaValue, Difference, by_area
from parvis.indicators.dashboard.build import dashboard
from parvis.indicators.dashboard.change import compared
from parvis.indicators.dashboard.errors import (
    DashboardBaseError,
    DashboardIndicatorError,
    DashboardPeriodError,
)
from parvis.indicators.dashboard.figures_of import estimated, is_complete
from parvis.indicators.dashboard.gaps import (
    MissingHalf,
    MissingIndicator,
    missing_data,
    why_missing,
)
from parvis.indicators.dashboard.groups import Group, GroupValue, by_group
from parvis.indicators.dashboard.model import (
    SPHERES,
    Block,
    Card,
    Change,
    Comparison,
    Dashboard,
    Half,
    Point,
    Score,
    ScoreScale,
    Series,
    Sphere,
    Theme,
)
from parvis.indicators.dashboard.moves import Moved, Step, moved
from parvis.indicators.dashboard.peers import Peer, PeerGroup, Peers, PeerValue, peers
from parvis.indicators.dashboard.reporting import is_recorded, reporting_of

__all__ = [
    "SPHERES",
    "AreaValue",
    "Block",
    "Card",
    "Change",
    "Comparison",
    "Dashboard",
    "DashboardBaseError",
    "DashboardIndicatorError",
    "DashboardPeriodError",
    "Difference",
    "Group",
    "GroupValue",
    "Half",
    "MissingHalf",
    "MissingIndicator",
    "Moved",
    "Peer",
    "PeerGroup",
    "PeerValue",
    "Peers",
    "Point",
    "Score",
    "ScoreScale",
    "Series",
    "Sphere",
    "Step",
    "Theme",
    "by_area",
    "by_group",
    "compared",
    "dashboard",
    "estimated",
    "is_complete",
    "is_recorded",
    "missing_data",
    "moved",
    "peers",
    "reporting_of",
    "why_missing",
]
