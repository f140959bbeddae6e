"""Sentences about estimates: rates, samples, publication rules."""

EN = {
    "rate_count": "{what}, row {row}: {value:g} is no count; accepted: whole numbers from 0.",
    "rate_population": "Row {row}: a population of {value:g}; accepted: numbers above 0.",
    "rate_population_smaller": (
        "Row {row}: {count} counted among {population} people; check the boundary and the year of "
        "both, or say that one person may be counted several times."
    ),
    "rate_bands": (
        "Bands do not match: {counts} of counts, {populations} of populations, {standard} of the "
        "standard or reference population."
    ),
    "rate_repeats": (
        "Row {row}: persons by number of events make {events} events, but {count} were counted."
    ),
    "estimate_level": "A confidence level of {value:g}; accepted: above 0 and below 1, as 0.95.",
    "estimate_choice": "{what}: {value!r} is not known; accepted: {accepted}.",
    "survey": "The survey cannot be used.",
    "survey_rows": "{what}: {found} rows where the sample has {expected}.",
    "survey_weight_missing": (
        "{n} weights are missing, negative or infinite (rows {rows}); every row needs a weight."
    ),
    "survey_weight_zero": (
        "{n} weights are zero (rows {rows}); say whether such rows are to be left out."
    ),
    "survey_design_missing": "{what}: nothing is said in {n} rows ({rows}); every row needs it.",
    "survey_cluster_strata": (
        "Cluster {cluster} lies in several strata, {n} clusters in all; say that the names of "
        "clusters count within their stratum (nested), or correct them."
    ),
    "survey_stages": "{what} are given for {found} stages, but the sample has {expected}.",
    "survey_population_varies": (
        "Stage {stage}, {stratum}: populations from {low:g} to {high:g}; one is accepted."
    ),
    "survey_population_below_sample": (
        "Stage {stage}, {stratum}: {sampled} units were sampled of a population of {population:g}."
    ),
    "survey_lonely": (
        "{n} strata of stage {stage} hold a single unit ({strata}), so that their variance cannot "
        "be known; choose what to do: {accepted}."
    ),
    "survey_replicates": "The replicate weights do not fit: {problem}.",
    "survey_margins": "{what}: {problem}.",
    "survey_margin_total": "{what}: {label} has no total above zero.",
    "survey_margin_empty": (
        "{what}: nobody of {label} is in the sample; join it with another category."
    ),
    "survey_margin_sums": (
        "{what}: its totals sum to {found:.10g}, those of {first} to {expected:.10g}; they must be "
        "the same population."
    ),
    "survey_no_convergence": (
        "The weights do not settle: after {n} rounds they are still off by {deviation:.3%} of the "
        "population. Join small categories, or trim less."
    ),
    "survey_values": "{what}, row {row}: {value}; accepted: {accepted}.",
    "rate_standardised_few": (
        "Not standardised: {count} events in all, at least {least} are needed."
    ),
    "rate_repeats_unknown": (
        "One person may be counted several times; how often is not known, so that the interval is "
        "too narrow."
    ),
    "rate_nothing_expected": "No ratio: the reference lets expect no events.",
    "rate_ratio_no_events": "No ratio: one of the counts is zero.",
    "estimate_no_answers": "No answers.",
    "estimate_no_interval": "No interval: too few units to tell how much they vary.",
    "survey_weights_left_out": "{n} rows with a weight of zero were left out.",
    "survey_stages_unused": (
        "{n} further stages of clusters do not count: the stage before has no population, or is "
        "taken as drawn with replacement."
    ),
    "survey_lonely_remove": (
        "{n} strata of stage {stage} hold a single unit ({strata}); they add nothing to the "
        "variance, which is too small."
    ),
    "survey_lonely_certainty": (
        "{n} strata of stage {stage} hold a single unit ({strata}), taken as certain to be sampled."
    ),
    "survey_lonely_adjust": (
        "{n} strata of stage {stage} hold a single unit ({strata}); its distance from the mean of "
        "the whole sample stands for their variance, which is too large."
    ),
    "survey_lonely_average": (
        "{n} strata of stage {stage} hold a single unit ({strata}); the average of the other "
        "strata stands for their variance."
    ),
    "survey_missing": "{n} rows without an answer were left out.",
    "survey_no_group": "{n} rows belong to no group and were left out.",
    "survey_raked": (
        "Weighted to known totals; {n_trimmed} weights cut, {design_effect:.2f} times as many "
        "answers needed as with equal weights."
    ),
    "survey_calibrated": (
        "Calibrated to known totals; {design_effect:.2f} times as many answers needed as with "
        "equal weights."
    ),
    "survey_kish": "Approximate: only the weights are known, not how the sample was drawn.",
    "survey_all_or_none": (
        "All or none have it: the interval takes the answers as a simple random sample of the size "
        "the weights are worth."
    ),
    "survey_few_hits": (
        "Fewer than {least:g} effective answers on one side: the interval may be off."
    ),
    "survey_quantile_open": "No interval: too few answers beyond this value.",
    "publish_few": "{n} answers, fewer than {least}.",
    "publish_few_effective": "{n} effective answers, fewer than {least}.",
    "publish_no_interval": "There is no interval.",
    "publish_wide": "The interval is {width:.1%} wide.",
    "publish_few_df": "{df} degrees of freedom, fewer than {least}.",
    "survey_column": "{file} has no column {column!r}; there are: {known}.",
    "survey_column_twice": "{file}: {column!r} stands twice.",
    "survey_empty": "{file} holds no answers below a row of names.",
    "survey_row_length": (
        "{file}, row {row}: {found} cells under {expected} names; check the delimiter and "
        "quotation marks."
    ),
    "survey_number": "{file}, column {column}, row {row}: {value!r} is no number.",
    "survey_decimals": (
        "{file}, column {column}: decimal commas ({comma}) and points ({point}) are mixed."
    ),
    "survey_option": "{option}: {value!r} is not taken; accepted: {accepted}.",
}
