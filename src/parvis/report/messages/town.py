"""Sentences about the fictional town."""

EN = {
    "town_size": "Size {value!r} is not known: give {accepted}.",
    "output_format": "{file}: the ending names no format that can be written; use {accepted}.",
    "output_not_written": "{file} could not be written ({reason}); nothing was left behind.",
    "output_folder": "The folder {folder} does not exist: make it first, or give another one.",
}
