"""Sentences about packs and vehicle classes."""

EN = {
    "pack": "The pack {file} cannot be used: {problems}.",
    "pack_not_found": "The file {file} does not exist.",
    "pack_unreadable": "{file} cannot be read as YAML: line {line}, {why}.",
    "pack_invalid": "{file} breaks the rules of its kind: {problems}.",
    "pack_unknown": "There is no pack {name}; there are {known}.",
    "framework_unknown": "There is no framework {name}; there are {known}.",
    "framework_place": "{file} cannot be used as a framework: {problem}.",
    "framework_workbook": "{file} holds no framework that can be used: {problems}.",
    "unknown_vehicle": "There is no vehicle class {name}; there are {known}.",
}
