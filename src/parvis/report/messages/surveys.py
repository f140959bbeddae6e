"""Sentences for surveys as indicators: maps of questions, and rows that cannot be used."""

EN = {
    "survey_map": "{file}: map of questions, {key}: {problem}.",
    "survey_row_twice": "Row {row}: {column} {value} stands in row {first} already.",
    "survey_row_date": "Row {row}: {column} {value!r} is no day within {period}.",
    "survey_row_weight": "Row {row}: {column} {value!r} is no weight; accepted: more than 0.",
    "survey_row_design": "Row {row}: {column} is empty, which the sample needs.",
    "survey_row_answer": (
        "Row {row}: {column} {value!r} is no answer to {question}; accepted: {accepted}."
    ),
    "survey_row_age": "Row {row}: {column} {value:g} is no age; accepted: 0 to 120.",
    "survey_row_area": "Row {row}: {column} {value!r} is no area; there are: {known}.",
    "survey_row_group": "Row {row}: {column} {value!r} is no group; there are: {known}.",
    "survey_open_link": (
        "Anybody could answer: this is a signal, not a sample, without an interval."
    ),
    "estimate_few_places": "{n} places, fewer than {least}: the interval may be off.",
    "duration_not_reached": "Fewer than half of the cases are closed: there is no median yet.",
    "duration_open": "Too many cases are open for an upper limit.",
    "pool": "{indicator} cannot be pooled: {problem}.",
    "age_bands": "{indicator}: age bands {bands} do not fit; accepted: {accepted}.",
}
