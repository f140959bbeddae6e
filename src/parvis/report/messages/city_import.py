"""Sentences of the city import and of the city store."""

EN = {
    "extract_not_found": "There is no file {file}.",
    "extract_type": (
        "{file} is not an OpenStreetMap extract by its name: give a file that ends in .osm.pbf, "
        ".osm, .osm.gz or .osm.bz2."
    ),
    "extract_broken": (
        "{file} is damaged or ends early ({reason}): fetch it again and compare its size."
    ),
    "extract_without_streets": (
        "{file} holds no street a vehicle could use: an extract needs ways with a highway tag."
    ),
    "disk_full": (
        "No space is left to write {file}: nothing was stored; free some space and repeat."
    ),
    "home_not_writable": (
        "{file} cannot be written ({reason}): set PARVIS_HOME to a folder of your own and repeat."
    ),
    "run_broken": (
        "The record of an earlier result, {file}, is damaged: delete it; access points are then "
        "numbered anew."
    ),
    "boundary_outside": (
        "No street of the extract lies in {what}: compare the boundary with the extract's place."
    ),
    "boundary_file": "{file} gives no boundary: {reason}.",
    "boundary_choice": "Give only one of --bbox, --boundary and --municipality.",
    "bounding_box": (
        'The bounding box "{value}" is not four numbers west,south,east,north in degrees with '
        "west < east and south < north."
    ),
    "unknown_municipality": (
        'The extract holds no administrative boundary named "{name}"; {hint}.'
    ),
    "boundary_incomplete": (
        'The boundary of "{name}" is not complete in the extract: give it as a file with '
        "--boundary."
    ),
    "elevation_file": "{file} gives no elevation: {reason}.",
    "city_name": (
        'The city name "{name}" is not usable: letters a-z, digits, "-" and "_", up to 64, '
        "beginning with a letter or digit."
    ),
    "unknown_city": 'There is no city "{name}"; {hint}.',
    "store_version": (
        'The store of "{name}" was written by {age} version of Parvis: import it again with '
        "parvis city import {file} --name {name}; layers and corrections are kept."
    ),
    "store_broken": (
        'The store of "{name}" is damaged: import the city again; layers and corrections are kept.'
    ),
}
