"""
How far had each chain come, and when: a file that only grows, outside the database.

Who can change the database but not this file, or only one of its copies in backups and signed
reports, cannot cut off the end of a chain unseen. Each line carries a keyed digest over itself and
the line before it. The instance's own chain records how long the file was, so that a shortened
file is found too.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from parvis_web.accounts.models import Authority
from parvis_web.audit.chain import canonical, chain_name, keyed_digest
from parvis_web.audit.models import AuditHead
from parvis_web.audit.recording import note, service

RECORD_ANCHORS = "audit.anchor"


@dataclass(frozen=True)
class Anchor:
    """One line of the file: where a chain ended at a time."""

    chain: str
    seq: int
    digest: str
    time: str
    hmac: str

    def is_genuine(self, previous: str) -> bool:
        """Return whether this installation wrote the line after the one signed `previous`."""
        return self.hmac == _line_digest(previous, self.chain, self.seq, self.digest, self.time)


def anchors_file() -> Path:
    """Return where the anchors lie."""
    return Path(settings.PARVIS_DATA) / "anchors" / "anchors.jsonl"


def parse_anchor(line: str) -> Anchor:
    """
    Return the anchor of one line.

    Raises
    ------
    ValueError
        Where the line is not an anchor.
    """
    try:
        facts: dict[str, Any] = json.loads(line)
        return Anchor(**facts)
    except TypeError as problem:
        raise ValueError(str(problem)) from None


@contextmanager
def locked_anchors() -> Iterator[Path]:
    """Keep other processes from adding anchors, and give the file."""
    file = anchors_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (file.parent / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield file


def write_anchors(actor: Any) -> int:
    """
    Add a line for every chain that has grown since its last line; return how many.

    Called daily, before every backup and by the ``audit_anchor`` command.
    """
    with locked_anchors() as file:
        anchors = [parse_anchor(line) for line in read_lines(file)]
        if not _grown(anchors):
            return 0
        last = anchors[-1].hmac if anchors else ""
        record_anchors(actor, n_lines=len(anchors), last=last)
        return _add_lines(file, _grown(anchors), last)


@service(RECORD_ANCHORS)
def record_anchors(actor: Any, *, n_lines: int, last: str) -> None:
    """Record in the instance's chain how far the file of anchors had come."""
    del actor
    note(AuditHead(chain=chain_name(None)), n_lines=n_lines, last=last)


def anchor_line(authority: Authority) -> str:
    """
    Return one line that says where an authority's chain stands now, for a signed report.

    It has no line before it; ``audit_verify --line`` and `verify_line` check it.
    """
    head = AuditHead.objects.filter(chain=chain_name(authority)).first()
    head = head or AuditHead(chain=chain_name(authority))
    return _line(_anchor(head, ""))


def read_lines(file: Path) -> list[str]:
    """Return the lines of a file of anchors; none where it is not there."""
    if not file.exists():
        return []
    return file.read_text(encoding="ascii", errors="replace").splitlines()


def _grown(anchors: list[Anchor]) -> list[AuditHead]:
    anchored = {anchor.chain: anchor.digest for anchor in anchors}
    heads = AuditHead.objects.filter(seq__gt=0).order_by("chain")
    return [head for head in heads if anchored.get(head.chain) != head.digest]


def _add_lines(file: Path, heads: list[AuditHead], last: str) -> int:
    lines = []
    for head in heads:
        anchor = _anchor(head, last)
        last = anchor.hmac
        lines.append(_line(anchor) + "\n")
    with file.open("a", encoding="ascii") as handle:
        handle.writelines(lines)
    return len(lines)


def _anchor(head: AuditHead, previous: str) -> Anchor:
    time = timezone.now().isoformat(timespec="seconds")
    digest = _line_digest(previous, head.chain, head.seq, head.digest, time)
    return Anchor(head.chain, head.seq, head.digest, time, digest)


def _line(anchor: Anchor) -> str:
    return canonical(asdict(anchor))


def _line_digest(previous: str, *facts: Any) -> str:
    return keyed_digest(canonical(["anchor", previous, *facts]))
