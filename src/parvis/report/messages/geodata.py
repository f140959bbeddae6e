"""Sentences about indicators computed from a city's map."""

EN = {
    "geodata_population": (
        "{file}, row {row}, {column}: {value!r} cannot be used; accepted: {accepted}."
    ),
    "geodata_columns": "{file} lacks a column {missing}; it has: {found}.",
    "geodata_nobody": (
        "None of the {n} cells of {file} that have people lies in {city}; check the coordinate "
        "system of the file."
    ),
    "geodata_ways": "{city} has no streets or paths to walk along.",
    "geodata_spaces": "{n} spaces said to be checked are not in {city}: {ids}.",
    "geodata_checked": "{file}, row {row}: {value!r} cannot be used; accepted: {accepted}.",
    "geodata_period": "{value!r} is no period; write a year as 2025, or a part of one as 2025-Q3.",
    "geodata_outside": (
        "{n} cells with {people} people lie outside the map and are left out of all shares."
    ),
    "geodata_unattached": (
        "{people} people live more than {within} m from any mapped street or path; they count as "
        "not reaching anything."
    ),
    "geodata_edge": (
        "{people} people without open space in reach live within {within} m of the map's edge; "
        "what lies beyond it is unknown."
    ),
    "geodata_spaces_apart": (
        "{n} open spaces have no mapped way leading in; nobody is counted as reaching them."
    ),
    "geodata_potential": (
        "The {n} open spaces are potential: nobody has said that they were found open to all on "
        "the ground."
    ),
    "geodata_partly": (
        "{n} of {total} open spaces are not yet checked on the ground; values that rest on the "
        "verified ones are provisional and can only rise."
    ),
    "geodata_unmapped": (
        "{indicator} is not computed: nothing of these kinds is mapped, which does not mean that "
        "there is none: {kinds}."
    ),
    "geodata_built_up": (
        "The built-up area is drawn around buildings less than {gap} m apart, without open water."
    ),
    "geodata_built_up_given": "The built-up area is the one given.",
    "geodata_density": (
        "Density is over the built-up area that the population cells cover; the degree of "
        "urbanisation is not computed."
    ),
    "geodata_few_uses": (
        "Only {n} ground-floor uses are mapped in {area}, fewer than {least}: their evenness is "
        "not told."
    ),
    "geodata_inventory": (
        "Dead ends, lamps and cameras are those that are mapped: what is not mapped is unknown, "
        "not absent."
    ),
}
