"""Is a chain whole? What was altered, deleted, inserted, reordered or cut off, link by link."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from parvis_web.audit.anchors import RECORD_ANCHORS, Anchor, anchors_file, parse_anchor, read_lines
from parvis_web.audit.chain import INSTANCE, digest_of_event
from parvis_web.audit.models import AuditEvent, AuditHead


class Broken(StrEnum):
    """What can be wrong with a chain or with the file of anchors."""

    CONTENT = "content"
    GAP = "gap"
    LINK = "link"
    HEAD = "head"
    CUT = "cut"
    ANCHOR_LINE = "anchor_line"
    ANCHOR_FILE_CUT = "anchor_file_cut"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, at one event of one chain or one line of the anchors."""

    kind: Broken
    chain: str
    seq: int

    @property
    def sentence(self) -> str:
        """What the owner or the administrator reads."""
        return _SENTENCES[self.kind]() % {"chain": self.chain, "seq": self.seq}


_SENTENCES = {
    Broken.CONTENT: lambda: _(
        "Chain %(chain)s, event %(seq)d: the event was altered, moved or not written by this "
        "installation."
    ),
    Broken.GAP: lambda: _("Chain %(chain)s, event %(seq)d: the event is missing."),
    Broken.LINK: lambda: _(
        "Chain %(chain)s, event %(seq)d: the event does not follow the one before it."
    ),
    Broken.HEAD: lambda: _(
        "Chain %(chain)s, event %(seq)d: the chain does not end where its head says."
    ),
    Broken.CUT: lambda: _(
        "Chain %(chain)s, event %(seq)d: an anchor saw this event, and it is no longer there as it "
        "was; the chain was cut off or rewritten."
    ),
    Broken.ANCHOR_LINE: lambda: _(
        "File of anchors, chain %(chain)s, line %(seq)d: the line was altered, moved or removed."
    ),
    Broken.ANCHOR_FILE_CUT: lambda: _(
        "Chain %(chain)s, event %(seq)d: the event saw a longer or another file of anchors."
    ),
}


def verify_everything(anchors: Path | None = None) -> list[Finding]:
    """Check every chain and the file of anchors, or a copy of that file from a backup."""
    chains = set(AuditHead.objects.values_list("chain", flat=True))
    chains |= set(AuditEvent.objects.order_by().values_list("chain", flat=True).distinct())
    known, findings = _read_anchors(anchors or anchors_file())
    for chain in sorted(chains | {anchor.chain for anchor in known}):
        findings += _verify_chain(chain, known)
    return findings + list(_shortened(known))


def verify(chain: str) -> list[Finding]:
    """Check one chain against its own digests, its head and its anchors."""
    known, findings = _read_anchors(anchors_file())
    return findings + _verify_chain(chain, known)


def verify_line(line: str) -> bool:
    """
    Return whether a line printed in a report is genuine and its event still stands.

    Raises
    ------
    ValueError
        Where the text is not such a line.
    """
    anchor = parse_anchor(line)
    return anchor.is_genuine("") and not list(_missing_anchors(anchor.chain, [anchor]))


def _verify_chain(chain: str, anchors: Iterable[Anchor]) -> list[Finding]:
    events = AuditEvent.objects.filter(chain=chain).order_by("seq")
    last = events.last()
    n_events = last.seq if last else 0
    head = AuditHead.objects.filter(chain=chain).first() or AuditHead(chain=chain)
    findings = list(_broken_links(chain, events.filter(seq__lte=n_events).iterator()))
    if not _ends_at(head, n_events):
        findings.append(Finding(Broken.HEAD, chain, head.seq))
    return findings + list(_missing_anchors(chain, anchors))


def _ends_at(head: AuditHead, n_events: int) -> bool:
    if head.seq == n_events == 0:
        return True
    end = AuditEvent.objects.filter(chain=head.chain, seq=head.seq, digest=head.digest)
    return head.seq >= n_events and end.exists()


def _broken_links(chain: str, events: Iterator[AuditEvent]) -> Iterator[Finding]:
    expected, previous = 1, ""
    for event in events:
        if event.seq != expected:
            yield Finding(Broken.GAP, chain, expected)
        elif event.previous != previous:
            yield Finding(Broken.LINK, chain, event.seq)
        if event.digest != digest_of_event(event):
            yield Finding(Broken.CONTENT, chain, event.seq)
        expected, previous = event.seq + 1, event.digest


def _missing_anchors(chain: str, anchors: Iterable[Anchor]) -> Iterator[Finding]:
    wanted = {anchor.seq: anchor.digest for anchor in anchors if anchor.chain == chain}
    wanted.pop(0, None)
    standing: dict[int, str] = {}
    numbers = sorted(wanted)
    for start in range(0, len(numbers), 500):
        rows = AuditEvent.objects.filter(chain=chain, seq__in=numbers[start : start + 500])
        standing |= dict(rows.values_list("seq", "digest"))
    for seq in numbers:
        if standing.get(seq) != wanted[seq]:
            yield Finding(Broken.CUT, chain, seq)


def _read_anchors(file: Path) -> tuple[list[Anchor], list[Finding]]:
    anchors, findings, previous = [], [], ""
    for number, line in enumerate(read_lines(file), start=1):
        try:
            anchor = parse_anchor(line)
        except ValueError:
            findings.append(Finding(Broken.ANCHOR_LINE, "?", number))
            previous = ""
            continue
        if anchor.is_genuine(previous):
            anchors.append(anchor)
        else:
            findings.append(Finding(Broken.ANCHOR_LINE, anchor.chain, number))
        previous = anchor.hmac
    return anchors, findings


def _shortened(anchors: list[Anchor]) -> Iterator[Finding]:
    """Find the events of the instance's chain that saw lines which are no longer there."""
    marks = [anchor.hmac for anchor in anchors]
    events = AuditEvent.objects.filter(chain=INSTANCE, action=RECORD_ANCHORS).order_by("seq")
    for event in events:
        n_lines, last = _seen_by(event)
        if n_lines and (n_lines > len(marks) or marks[n_lines - 1] != last):
            yield Finding(Broken.ANCHOR_FILE_CUT, INSTANCE, event.seq)


def _seen_by(event: AuditEvent) -> tuple[int, str]:
    try:
        return event.details["n_lines"], event.details["last"]
    except (ValueError, KeyError):
        return 0, ""
