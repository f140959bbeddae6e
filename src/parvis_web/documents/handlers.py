"""What a worker does to make documents: read what was kept of an analysis, have files written."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis_web.approach.kept import closure_of, result_of, supply
from parvis_web.audit.anchors import anchor_line
from parvis_web.config.data import library_home
from parvis_web.documents import services
from parvis_web.documents.dossiers import dossier_writer
from parvis_web.documents.models import Document, DocumentKind
from parvis_web.documents.space_file import space_file
from parvis_web.runs.kinds import run_kind
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.progress import Progress
from parvis_web.runs.services import system_actor
from parvis_web.ui.overrides import folder_of

STEPS = {
    "pictures": _("Drawing maps and charts"),
    "write": _("Writing documents"),
    "gather": _("Gathering what was known"),
}


def _documents_page(run: AnalysisRun) -> str:
    first = Document.objects.select_related("authority").filter(run=run).first()
    if first is None:
        return ""
    return reverse("documents:of-space", args=[first.authority.slug, first.space_id])


def _ended(run: AnalysisRun) -> None:
    """Say of documents that were not made that they will not come by themselves."""
    if run.state != RunState.DONE:
        services.fail_documents(system_actor(run), run)


@run_kind(
    "documents",
    minutes=30,
    label=_("Documents"),
    steps=STEPS,
    next_url=_documents_page,
    on_end=_ended,
)
def make_documents(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Write every document of a run; each is kept as soon as it is made."""
    documents = list(
        Document.objects.filter(run=run)
        .select_related("space__city", "authority", "analysis__run", "plan__run")
        .order_by("document_kind", "copy_number")
    )
    progress(0.05, "pictures")
    write = _writer(documents[0])
    recipients = [each.recipient for each in documents if each.recipient]
    for done, document in enumerate(documents):
        progress(0.3 + 0.65 * done / len(documents), "write")
        content, snapshot = write(document, recipients)
        services.keep_document(
            system_actor(run), document, content=content, made_from=_made_from(document, snapshot)
        )
    return {"n_documents": len(documents)}


@run_kind(
    "space-file",
    minutes=30,
    label=_("File of a space"),
    steps=STEPS,
    next_url=_documents_page,
    on_end=_ended,
)
def gather_file(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Put the file of a space together as of a day."""
    document = Document.objects.select_related("space__authority").get(run=run)
    progress(0.1, "gather")
    content = space_file(document.space, date.fromisoformat(run.parameters["day"]))
    services.keep_document(system_actor(run), document, content=content, made_from={})
    return {"n_documents": 1}


@run_kind(
    "dossier",
    minutes=30,
    label=_("Dossier"),
    steps=STEPS,
    next_url=_documents_page,
    on_end=_ended,
)
def make_dossier(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Write the copies of a space's dossier, of what its maker could read when asking."""
    documents = list(
        Document.objects.filter(run=run)
        .select_related("space__city", "authority", "analysis__run")
        .order_by("file_name")
    )
    progress(0.1, "gather")
    write = dossier_writer(documents[0], run.parameters)
    for done, document in enumerate(documents):
        progress(0.2 + 0.75 * done / len(documents), "write")
        made_from = _made_from(document, None) | {"joins": dict(run.parameters)}
        services.keep_document(
            system_actor(run), document, content=write(document), made_from=made_from
        )
    return {"n_documents": len(documents)}


def _made_from(document: Document, snapshot: dict[str, Any] | None) -> dict[str, Any]:
    analysis = document.analysis
    facts: dict[str, Any] = {
        "analysis": str(document.analysis_id),
        "city_state": analysis.city_state if analysis else "",
        "plan": str(document.plan_id or ""),
        "anchor": anchor_line(document.authority),
    }
    return facts | ({"snapshot": snapshot} if snapshot is not None else {})


def _writer(
    first: Document,
) -> Callable[[Document, Sequence[str]], tuple[bytes, dict[str, Any] | None]]:
    from parvis.io.store import load_city
    from parvis.report.closure_annex import closure_pictures
    from parvis.report.closure_council import public_options
    from parvis.report.council import council_data
    from parvis.report.documents import annex_pictures, council_paper, restricted_annex
    from parvis.report.stock_speech import stock_lines_text
    from parvis.report.wording import catalogued

    analysis, plan, language = first.analysis, first.plan, catalogued(first.language)
    if analysis is None:
        raise ValueError(first.pk)
    city = load_city(first.space.city.store, home=library_home(first.authority_id))
    result = result_of(analysis, with_speed_maps=True)
    closure = closure_of(plan) if plan else None
    stock = supply(plan) if plan else None
    had: list[str] = []
    if closure is not None and stock is not None:
        currency = str(closure.provenance["prices"]["currency"])
        had = stock_lines_text(stock, currency, language, shown=closure.told_first)
    pictures: dict[str, bytes] = {}

    def write(document: Document, recipients: Sequence[str]) -> tuple[bytes, dict[str, Any] | None]:
        if document.document_kind == DocumentKind.COUNCIL_PAPER:
            options = None if closure is None else public_options(closure)
            own = folder_of(first.language)
            snapshot = council_data(result, first.language, options, overrides=own)
            paper = council_paper(result, city, first.language, closure=closure, overrides=own)
            return paper, snapshot
        if document.document_kind == DocumentKind.DATA:
            return _data_package(result, document), None
        if not pictures:
            pictures.update(annex_pictures(result, city, language))
            if closure is not None:
                pictures.update(closure_pictures(closure, city, language))
        annex = restricted_annex(
            result,
            pictures,
            language,
            recipients=recipients,
            copy=document.copy_number or 1,
            copies=document.n_copies or 1,
            closure=closure,
            supply=had,
        )
        return annex, None

    return write


def _data_package(result: Any, document: Document) -> bytes:
    from parvis.report.drawing import write_dxf
    from parvis.report.export import write_json
    from parvis.report.geodata import write_geojson, write_gpkg
    from parvis.report.wording import catalogued

    stream = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(stream, "w") as archive:
        here = Path(folder)
        language = catalogued(document.language)
        written = [
            write_json(result, here / "approach.json", language),
            write_geojson(result, here / "approach.geojson", language),
            write_gpkg(result, here / "approach.gpkg", document.crs, language),
            write_dxf(result, here / "approach.dxf", "city", language),
        ]
        for path in written:
            archive.write(path, path.name, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
