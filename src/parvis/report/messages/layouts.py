"""Sentences about temporary layouts."""

EN = {
    "schedule_sheets": (
        "{file} cannot be used as a schedule: {problem} (found: {found}); "
        "`parvis layout template FILE.xlsx` writes one to fill in."
    ),
    "schedule_time_zone": (
        "{file} says {value!r} as time zone, and clock times need one: name it in the workbook "
        "or with --time-zone, e.g. Europe/Berlin."
    ),
    "layout_invalid": (
        "{file} and its drawing have {n} mistakes, and nothing was taken:\n{listed}"
    ),
    "layout_unknown": "{city} has no layout {name!r}; there are: {listed}.",
    "layout_name": (
        'The layout name {name!r} is not usable: letters a-z, digits, "-" and "_", up to 64, '
        "beginning with a letter or digit."
    ),
    "layout_phase": "Layout {name} has no phase {phase!r}; there are: {listed}.",
    "layout_exists": (
        "{city} has a layout {name!r} already and layouts are never changed; remove it "
        "(`parvis layout remove {city} {name}`) or choose another name."
    ),
    "layout_barrier_unknown": (
        "Layout {layout} has no barrier {barrier!r} to do this with; there are: {listed}."
    ),
    "layout_place_missing": (
        "{barrier} has {count} elements: give the line they stand on, from end to end, and the "
        "length of one of them."
    ),
    "layout_line_short": (
        "{barrier} has {count} elements of {length} m, which take {needed} m; the line given is "
        "{given} m long. Draw a longer one."
    ),
    "layout_place_outside": "The place given for {barrier} lies outside {city}.",
}
