"""Sentences of files that are given to the web application for a city."""

EN = {
    "upload_too_large": (
        "{file} is larger than the {limit} MB that are taken: cut a part out of it."
    ),
    "upload_kind": "{file} is no {what} by its ending: give a file that ends in {accepted}.",
    "upload_content": "{file} is no {what} by its content, whatever its name says.",
    "upload_unpacked": (
        "{file} unpacks to more than the {limit} MB that are taken: give a smaller part."
    ),
    "upload_packed": "{file} is a ZIP that cannot be opened: pack it again.",
    "city_at_work": (
        "{city} is being worked on: wait until the import or the layer is done, or stop it first."
    ),
    "protected_gone": (
        "{name}: the content or its key is not there any more; protect the data anew."
    ),
}
