"""Sentences about disclosure control and the register of releases."""

EN = {
    "disclosure_rules": "The {what} cannot be {value}; accepted: {accepted}.",
    "disclosure_cell": "{cell}: {problem}.",
    "disclosure_areas_reason": (
        "Areas ({n}) are published only with a written reason; give the reason, or publish the "
        "whole city's figures."
    ),
    "disclosure_nothing": "There is no observation to publish: {what}.",
    "disclosure_impossible": (
        "{cell} cannot be protected: what is known already gives it away, whatever else is left "
        "out (earlier releases: {known}). Accept it knowingly, or ask your data protection officer."
    ),
    "disclosure_microdata": "Microdata, {what}: {value} cannot be used; accepted: {accepted}.",
    "release_register": (
        "The register of releases cannot be relied on: {file} {problem}. Restore it from a backup."
    ),
    "release_moved": (
        "Something was published since this was checked ({release}); check it again."
    ),
    "unknown_release": "There is no release {name} that holds; there are: {known}.",
    "release_withdrawal_reason": "Release {name} is withdrawn only with a written reason.",
    "published_areas": "{file} cannot be used: {problem}.",
}
