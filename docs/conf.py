"""Sphinx configuration: no theme, font or script is fetched from another host."""

import hashlib
import re
from importlib.metadata import version as installed_version

project = "Parvis"
author = "Parvis contributors"
copyright = "Parvis contributors"
release = installed_version("parvis")
version = release

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
language = "en"
locale_dirs = ["locale"]
gettext_compact = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Parvis"
html_show_sphinx = False

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True, "show-inheritance": True}
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True


def _number_references_apart(app, what, name, obj, options, lines):
    """Make ``[1]`` of each docstring a name of its own, as numpydoc means it."""
    key = "R" + hashlib.sha256(name.encode()).hexdigest()[:6]
    lines[:] = [re.sub(r"\[(\d+)\](?=_|\s)", rf"[{key}-\1]", line) for line in lines]


def setup(app):
    """Register what the docstrings need."""
    app.connect("autodoc-process-docstring", _number_references_apart)
