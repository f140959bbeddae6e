"""What can be wrong with a sample: its weights, its design, its answers."""

from typing import ClassVar

from parvis.errors import InputError


class SurveyError(InputError):
    """Base of all errors about samples."""

    code: ClassVar[str] = "survey"


class SurveyRowsError(SurveyError):
    """Columns differ in length; details: what, found, expected."""

    code: ClassVar[str] = "survey_rows"


class WeightMissingError(SurveyError):
    """Weights are missing, negative or infinite; details: n, rows."""

    code: ClassVar[str] = "survey_weight_missing"


class WeightZeroError(SurveyError):
    """Weights are zero and no rule says what that means; details: n, rows."""

    code: ClassVar[str] = "survey_weight_zero"


class DesignMissingError(SurveyError):
    """Stratum, cluster or population is missing; details: what, n, rows."""

    code: ClassVar[str] = "survey_design_missing"


class ClusterStratumError(SurveyError):
    """A cluster lies in several strata; details: cluster, n."""

    code: ClassVar[str] = "survey_cluster_strata"


class StagesError(SurveyError):
    """Stages of strata, clusters and populations do not match; details: what, found, expected."""

    code: ClassVar[str] = "survey_stages"


class PopulationVariesError(SurveyError):
    """One stratum has several populations; details: stage, stratum, low, high."""

    code: ClassVar[str] = "survey_population_varies"


class PopulationBelowSampleError(SurveyError):
    """More units were sampled than there are; details: stage, stratum, sampled, population."""

    code: ClassVar[str] = "survey_population_below_sample"


class LonelyClusterError(SurveyError):
    """Strata hold one cluster and no rule says what to do; details: n, strata, stage, accepted."""

    code: ClassVar[str] = "survey_lonely"


class ReplicatesError(SurveyError):
    """Replicate weights do not fit; details: problem."""

    code: ClassVar[str] = "survey_replicates"


class MarginsError(SurveyError):
    """Known totals do not fit the sample; details: what, problem."""

    code: ClassVar[str] = "survey_margins"


class MarginTotalError(SurveyError):
    """A category has no total above zero; details: what, label."""

    code: ClassVar[str] = "survey_margin_total"


class MarginEmptyError(SurveyError):
    """A category with a total is not in the sample; details: what, label."""

    code: ClassVar[str] = "survey_margin_empty"


class MarginSumsError(SurveyError):
    """Margins are of different populations; details: what, found, first, expected."""

    code: ClassVar[str] = "survey_margin_sums"


class NoConvergenceError(SurveyError):
    """Weights do not settle; details: n, deviation."""

    code: ClassVar[str] = "survey_no_convergence"


class AnswerValuesError(SurveyError):
    """Answers are not of the kind asked for; details: what, value, row, accepted."""

    code: ClassVar[str] = "survey_values"
