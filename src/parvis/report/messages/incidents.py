"""Sentences about recorded incidents."""

EN = {
    "incident_columns": "{file} lacks {missing}; it has: {found}. Check the delimiter too.",
    "incident_empty": "{file} holds no row that can be used; {n} rows are rejected.",
    "incident_decimals": (
        "{file}, column {column}: decimal commas ({comma}) and points ({point}) are mixed."
    ),
    "incident_rows": (
        "Nothing is written: {n} rows of {file} are rejected, the first is row {row}: {problem}; "
        "accepted: {accepted}. Correct them, or skip them knowingly."
    ),
    "incident_mapping": "{file} cannot be used: {problem}.",
    "incident_option": "{what}: {value!r} cannot be used; accepted: {accepted}.",
    "incident_data": "{file} does not hold what is needed: {what}.",
    "incident_size": "{what}: {n}, at most {most} can be dealt with.",
    "incident_zones": (
        "{file}: areas need a column of codes that all differ; in {column!r} {value!r} is empty or "
        "stands twice."
    ),
    "incident_areas_unknown": "{file}: {n} areas ({areas}) are not in {other}.",
    "incident_population": "{file}, row {row}: {value!r} cannot be used; accepted: {accepted}.",
    "incidents_reporting_unknown": (
        "What is recorded is not what happens: it is not known how much is reported."
    ),
    "incidents_reporting_rate": (
        "What is recorded is not what happens: {rate:.0%} is reported ({source})."
    ),
    "incident_row": "Row {row}, {column}: accepted is {accepted}.",
    "incident_period_partial": (
        "{period} is left out: the file does not cover it from the first to the last day."
    ),
    "incident_people_unknown": (
        "{indicator}, {area}, {period}: nobody knows among how many people. Deliver the residents "
        "(BCK-01) or the people present (BCK-02) of this area first, or give them in a table."
    ),
}
