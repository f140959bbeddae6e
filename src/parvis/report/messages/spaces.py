"""Sentences about public spaces, municipal layers and local corrections."""

EN = {
    "space_unknown": (
        "{city} has no public space {name!r}; names that come near: {near}. "
        "`parvis spaces {city}` lists all."
    ),
    "space_ambiguous": (
        "{name!r} names {n} public spaces of {city}, give one of their ids: {listed}."
    ),
    "space_kind_unknown": "{kind!r} is no kind of public space; accepted are {accepted}.",
    "vector_missing": "There is no file {file}.",
    "vector_format": "{file} is of no format that can be read; accepted are {accepted}.",
    "vector_dwg": (
        "{file} is a DWG drawing, a closed format that is not read: open it in the program that "
        "made it, save it as DXF and give that file."
    ),
    "vector_unreadable": "{file} cannot be read: {reason}.",
    "vector_empty": "{file} holds no features.",
    "vector_layer": "{file} has no layer {layer!r}; give one of: {accepted}.",
    "vector_coordinates": (
        "{file} has no columns with coordinates (found: {found}); accepted are lon and lat, "
        "x and y with --crs, or wkt."
    ),
    "crs_missing": (
        "{file} does not say which coordinate system its numbers are in: name the coordinate "
        "system (--crs), or give two or three control points (--control-points)."
    ),
    "crs_unknown": "{value!r} is no known coordinate system; give an EPSG number such as 25832.",
    "crs_wrong": "{file} is said to be in {crs}, but holds the coordinate {value}; give --crs.",
    "area_not_polygon": "{file} holds {found}; a protected area must be a polygon.",
    "area_self_crossing": (
        "The outline in {file} crosses itself near {lon} E, {lat} N; mend it there and try again."
    ),
    "area_outside": (
        "The polygon in {file} (around {lon} E, {lat} N) lies outside {city}, "
        "whose data covers {extent}."
    ),
    "layer_mapping": "The mapping {file} cannot be used: {problem}.",
    "layer_kind": "{kind!r} is no kind of layer; --as accepts {accepted}.",
    "layer_unknown": "{city} has no layer {order}; there are: {listed}.",
    "layer_nothing_taken": "No row of {file} could be taken as {kind}: {reasons}.",
    "control_points": "The control points in {file} cannot be used: {problem}.",
    "layer_row_no_geometry": "no coordinates that can be read",
    "layer_row_outside_city": "more than 1 km outside the city's data",
    "layer_row_geometry_type": "a geometry of a type that this layer cannot have: {value}",
    "layer_row_not_mapped": "drawing layers that the mapping does not name: {value}",
    "layer_row_unknown_kind": "kinds that this layer cannot have: {value}",
    "layer_row_bad_height": "a height that is no length in metres: {value}",
    "layer_row_bad_level": "a level that is no whole number: {value}",
    "layer_row_bad_rating": "a rating in no known notation: {value}",
    "layer_row_bad_state": "a state other than closed, lowered or active: {value}",
    "corrections_invalid": (
        "{file} has {n} cells that cannot be used, and none of its rows was taken:\n{listed}"
    ),
    "corrections_columns": (
        "{file} is no sheet of corrections: it lacks {missing}; known columns are {known}."
    ),
    "correction_unknown": ("{city} has no one correction {id!r} ({problem}); there are: {listed}."),
}
