"""Where does the content of evidence lie: under its digest, in the authority's own folder."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from django.db.models import Model

from parvis_web.accounts.models import Authority
from parvis_web.config.data import authority_folder
from parvis_web.spaces.models import Evidence

_HOLDERS: list[type[Model]] = [Evidence]


def register_holder(model: type[Model]) -> None:
    """Let rows of `model`, with `authority` and `digest`, keep the content of files from going."""
    _HOLDERS.append(model)


def is_held(authority: Authority, digest: str, *, but: Evidence | None = None) -> bool:
    """Return whether any row but one rests on the content with a digest."""
    return any(
        model._base_manager.filter(authority=authority, digest=digest)
        .exclude(pk=but.pk if but else None)
        .exists()
        for model in _HOLDERS
    )


def evidence_folder(authority: Authority) -> Path:
    """Return where an authority's evidence lies, made if missing."""
    folder = authority_folder(authority.pk) / "evidence"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def kept_path(authority: Authority, digest: str) -> Path:
    """Return where content kept by `keep_file` lies."""
    return evidence_folder(authority) / digest[:2] / digest


def evidence_path(item: Evidence) -> Path:
    """Return where the content of `item` lies."""
    return kept_path(item.authority, item.digest)


def keep_file(authority: Authority, source: Path) -> tuple[str, int]:
    """Keep a file under the digest of its content; return digest and size."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    target = kept_path(authority, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (
            source.open("rb") as stream,
            tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as draft,
        ):
            shutil.copyfileobj(stream, draft)
        Path(draft.name).chmod(0o600)
        Path(draft.name).replace(target)
    return digest, target.stat().st_size
