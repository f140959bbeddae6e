"""
Structured assessments: what people answer, and what follows from it.

People answer a framework's questions about a subject; from their answers follow scores, findings,
duties and gaps. Nothing here opens files or looks at a clock.
"""

from parvis.assessment.agreement import Agreement, Difference, agreement
from parvis.assessment.answers import check_answer
from parvis.assessment.asking import asked_when, offered_when
from parvis.assessment.coefficients import Coefficient, krippendorff_alpha, weighted_kappa
from parvis.assessment.consensus import Agreed, consensus
from parvis.assessment.errors import AnswerError
from parvis.assessment.evaluation import evaluate, least_group
from parvis.assessment.items import items
from parvis.assessment.model import (
    SETTLED,
    Answer,
    AnswerState,
    Assessment,
    EvidenceFile,
    Interval,
    Item,
    ListEntry,
    Subject,
    Value,
    item_key,
)
from parvis.assessment.moved import Moved, moved
from parvis.assessment.offers import check_offered, lapsed, offered
from parvis.assessment.priorities import Priority, priorities
from parvis.assessment.progress import Progress, SectionProgress, progress, shown
from parvis.assessment.results import Result
from parvis.assessment.sensitivity import Change, Flip, sensitivity

__all__ = [
    "SETTLED",
    "Agreed",
    "Agreement",
    "Answer",
    "AnswerError",
    "AnswerState",
    "Assessment",
    "Change",
    "Coefficient",
    "Difference",
    "EvidenceFile",
    "Flip",
    "Interval",
    "Item",
    "ListEntry",
    "Moved",
    "Priority",
    "Progress",
    "Result",
    "SectionProgress",
    "Subject",
    "Value",
    "agreement",
    "asked_when",
    "check_answer",
    "check_offered",
    "consensus",
    "evaluate",
    "item_key",
    "items",
    "krippendorff_alpha",
    "lapsed",
    "least_group",
    "moved",
    "offered",
    "offered_when",
    "priorities",
    "progress",
    "sensitivity",
    "shown",
    "weighted_kappa",
]
