"""Sentences about screening a city and its assessment programme."""

EN = {
    "responsible_missing": (
        "A screening needs the authority and a person responsible with name and role; "
        '{missing} is empty. Give --authority "City of …" --responsible "Name, role".'
    ),
    "boundary_missing": (
        "A screening needs the authority's boundary: give --boundary FILE, "
        "or --own-boundary to confirm that the boundary stored with {city} is the authority's."
    ),
    "boundary_not_stored": (
        "The data of {city} came without a boundary; give the authority's with --boundary FILE."
    ),
    "boundary_elsewhere": (
        "The boundary of {source} lies outside the data of {city}: is it another city's?"
    ),
    "no_space_inside": (
        "No public space of {city} lies inside the boundary of {source}; the data holds {n} spaces."
    ),
    "screened_space_unknown": (
        "These are no public spaces of {city} inside the boundary: {listed}."
    ),
    "criterion_unknown": "{value!r} {problem}; accepted are {accepted}.",
    "criteria_missing": (
        "An assessment programme needs the criteria that order it: "
        "give --order with some of {accepted}, the most important first."
    ),
    "interval_missing": ("Say how often a space is assessed: --every MONTHS, such as --every 24."),
    "programme_rules": "--{option} {value} makes no sense; accepted are {low} to {high}.",
    "programme_table_needed": (
        "To order by {criteria} the table of your spaces is needed: give --programme FILE; "
        "--template FILE writes one to fill in."
    ),
    "programme_table_missing": (
        "There is no table {file}; --template {file} writes one to fill in."
    ),
    "programme_table": (
        "{file} has {n} cells that cannot be used, and none of its rows was taken:\n{listed}"
    ),
    "programme_columns": (
        "{file} is no table of spaces: it needs a heading with id and at least one more of {known}."
    ),
    "screening_stopped": (
        "Stopped; {done} of {total} spaces of {city} are done and kept: "
        "the same command goes on from there."
    ),
    "worker_died": (
        "the process that worked on this space ended {times} times, most likely for lack of memory"
    ),
    "space_failed": "an unexpected error: {reason}",
    "cluster_extra_missing": (
        "--scheduler needs the Dask library: install Parvis with its extra, "
        "pip install 'parvis[cluster]'."
    ),
    "cluster_unreachable": (
        "No Dask scheduler answers at {address} within {seconds} s; is the address right, "
        "such as tcp://10.0.0.5:8786, and is the scheduler running?"
    ),
    "cluster_without_workers": "The Dask scheduler at {address} has no workers.",
    "cluster_lost": "The Dask cluster at {address} went away while {city} was worked on.",
    "cluster_versions": (
        "The workers at {address} run Parvis {there}, this machine runs {here}; "
        "results could differ, so both need the same version."
    ),
    "one_city": "{option} goes with one city; {n} are named.",
    "options_per_city": (
        "There are {n} cities and {given} of {option}; give it once for each city, in their order."
    ),
}
