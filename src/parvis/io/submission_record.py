"""What one submission says, whatever file it came in, and what servers call things."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from parvis.errors import InputError
from parvis.io.xlsform_fields import FormLayout

FACTS: Mapping[str, str] = {
    "key": "instance", "meta-instanceid": "instance", "meta/instanceid": "instance",
    "instanceid": "instance", "__id": "instance", "_uuid": "uuid",
    "parent_key": "parent", "end": "end", "start": "start",
    "submissiondate": "received", "_submission_time": "received",
    "formversion": "version", "__version__": "version",
    "_index": "index", "_parent_index": "parent_index", "_submission__uuid": "parent_uuid",
}  # fmt: skip
"""What servers say of a submission, by the name of the column in small letters."""


class SubmissionsUnreadableError(InputError):
    """A file holds no submissions that can be read; details: file, problem."""

    code: ClassVar[str] = "submissions_unreadable"


@dataclass
class Record:
    """
    What one submission, or one round of a repeat, says.

    Attributes
    ----------
    values : dict of str to object
        By the name of the field; places as text ``latitude longitude``.
    facts : dict of str to str
        What the server says: ``instance``, ``start``, ``end``, ``received``, ``parent``.
    repeats : dict of str to list of Record
    """

    values: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    repeats: dict[str, list["Record"]] = field(default_factory=dict)


class KnownColumns:
    """Columns by every name that servers give a field."""

    def __init__(self, layout: FormLayout) -> None:
        self.columns: dict[str, str] = {}
        self.repeat_of: dict[str, str] = {}
        self.repeats = layout.repeats
        for name, found in layout.fields.items():
            for sign in ("-", "/", "."):
                self.columns[sign.join((*found.path, name))] = name
            self.repeat_of[name] = found.repeat
            if found.repeat:
                inner = found.path[found.path.index(found.repeat) + 1 :]
                for sign in ("-", "/", "."):
                    self.columns[sign.join((*inner, name))] = name
        self.columns |= {name: name for name in layout.fields}

    def column(self, head: str) -> str:
        """Return the field that a column holds, "" for none."""
        if head in self.columns:
            return self.columns[head]
        *above, last = re.split(r"[/.]", head)
        # Below a question stand its single choices, which may be called like other questions.
        return "" if above and above[-1] in self.repeat_of else self.columns.get(last, "")

    def repeat(self, head: str) -> str:
        """Return the repeat that a column or key stands for, "" for none."""
        last = re.split(r"[/.]", head)[-1]
        return last if last in self.repeats else ""


def name_instance(record: Record) -> None:
    """Take the server's own identifier where the submission brings none."""
    uuid = record.facts.pop("uuid", "")
    if uuid and "instance" not in record.facts:
        record.facts["instance"] = uuid if uuid.startswith("uuid:") else f"uuid:{uuid}"
