"""How one result becomes two documents: a council paper to publish, an annex to restrict."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, ClassVar
from unicodedata import category

import matplotlib as mpl
import shapely
import typst

from parvis.approach.results import ApproachResult
from parvis.city.model import City
from parvis.closure.results import ClosureResult
from parvis.errors import InternalError
from parvis.report.annex import annex_data, closure_provenance
from parvis.report.basemap import shortened
from parvis.report.charts import profile_chart
from parvis.report.closure_annex import closure_annex_data, closure_pictures, comparison_data
from parvis.report.closure_council import public_options
from parvis.report.council import council_data
from parvis.report.files import written_whole
from parvis.report.maps import (
    access_point_map,
    measuring_plan,
    overview_map,
    speed_map_picture,
)
from parvis.report.phase_speech import PhaseOfEvent, annex_event, event_title
from parvis.report.wording import Wording, catalogued


class DocumentNotMadeError(InternalError):
    """The typesetter refused a document."""

    code: ClassVar[str] = "document_not_made"


@dataclass(frozen=True)
class Report:
    """
    What `write_report` wrote.

    Attributes
    ----------
    council_paper : Path
    annexes : tuple of Path
        One a copy, in the order of the recipients.
    """

    council_paper: Path
    annexes: tuple[Path, ...]


def write_report(
    result: ApproachResult,
    city: City,
    folder: Path,
    *,
    language: str = "en",
    recipients: Sequence[str] = (),
    copies: int = 1,
    closure: ClosureResult | None = None,
    comparison: Mapping[str, Any] | None = None,
    supply: Sequence[str] = (),
    event: PhaseOfEvent | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """
    Write the council paper and the restricted annex, all files whole or none at all.

    Parameters
    ----------
    result : ApproachResult
    city : City
        For the maps.
    folder : Path
        Made if it is missing.
    language : {"en", "fr", "pl"}
    recipients : sequence of str
        Named in the annex; each gets a numbered copy.
    copies : int
        Number of copies where that is more than there are recipients, >= 1.
    closure : ClosureResult, optional
        Adds the chapter on the closure plan to the annex, and the options to the council paper.
    comparison : mapping, optional
        Present and variants, for the annex: see `comparison_data`.
    supply : sequence of str
        What can really be had, as `stock_lines_text` says it, for the annex.
    event : PhaseOfEvent, optional
        The phase of an event whose ground `city` and `result` are about; named in both documents.
    progress : callable
        Told the name of each file before it is made.

    Returns
    -------
    Report

    Raises
    ------
    UnknownLanguageError
        If there are no texts in `language`.
    OutputNotWritableError
        If a file cannot be written.
    """
    Wording(language)
    total = max(copies, len(recipients), 1)
    paper = folder / f"council-paper.{language}.pdf"
    annexes = tuple(
        folder / f"restricted-annex.{language}.copy-{copy}-of-{total}.pdf"
        for copy in range(1, total + 1)
    )
    with ExitStack() as drafts:
        progress(paper.name)
        draft = drafts.enter_context(written_whole(paper))
        draft.write_bytes(council_paper(result, city, language, closure=closure, event=event))
        pictures = annex_pictures(result, city, language)
        if closure is not None:
            pictures |= closure_pictures(closure, city, language)
        if comparison is not None:
            pictures |= {str(entry["file"]): entry["content"] for entry in comparison["pictures"]}
        for copy, path in enumerate(annexes, start=1):
            progress(path.name)
            draft = drafts.enter_context(written_whole(path))
            draft.write_bytes(
                restricted_annex(
                    result,
                    pictures,
                    language,
                    recipients=recipients,
                    copy=copy,
                    copies=total,
                    closure=closure,
                    comparison=comparison,
                    supply=supply,
                    event=event,
                )
            )
    return Report(paper, annexes)


def council_paper(
    result: ApproachResult,
    city: City,
    language: str = "en",
    *,
    closure: ClosureResult | None = None,
    event: PhaseOfEvent | None = None,
    overrides: Path | None = None,
) -> bytes:
    """
    Return the council paper as PDF/UA-1; it holds nothing that was computed about weaknesses.

    Parameters
    ----------
    result : ApproachResult
        Only name, kind, outline, area and the data's date are used.
    city : City
    language : {"en", "fr", "pl"}
    closure : ClosureResult, optional
        Only its `public_options` are used.
    event : PhaseOfEvent, optional
        Only its `council_event` is used.
    overrides : Path, optional
        Folder with a city's own texts, see `parvis.report.wording.Wording`.
    """
    area = shapely.from_wkb(result.protected_area)
    pictures = {"overview.svg": overview_map(city, area, catalogued(language))}
    options = None if closure is None else public_options(closure)
    data = council_data(result, language, options, event, overrides)
    return compile_document("council.typ", data, pictures)


def restricted_annex(
    result: ApproachResult,
    pictures: Mapping[str, bytes],
    language: str = "en",
    *,
    recipients: Sequence[str] = (),
    copy: int = 1,
    copies: int = 1,
    closure: ClosureResult | None = None,
    comparison: Mapping[str, Any] | None = None,
    supply: Sequence[str] = (),
    event: PhaseOfEvent | None = None,
) -> bytes:
    """
    Return one copy of the annex as PDF/UA-1.

    Parameters
    ----------
    result : ApproachResult
    pictures : mapping of str to bytes
        As `annex_pictures` makes them, with those of `closure_pictures` where there is a closure;
        the same for all copies.
    language : {"en", "fr", "pl"}
    recipients : sequence of str
    copy, copies : int
        Which copy this is, of how many.
    closure : ClosureResult, optional
    comparison : mapping, optional
    supply : sequence of str
    event : PhaseOfEvent, optional
    """
    data = annex_data(result, language, recipients=recipients, copy=copy, copies=copies)
    if event is not None:
        data["qualifications"] = [annex_event(event, Wording(language)), *data["qualifications"]]
        data["space_short"] = shortened(f"{event_title(event)}: {data['space']}", 60)
    data["closure"] = None
    data["comparison"] = None if comparison is None else comparison_data(comparison, language)
    if closure is not None:
        data["closure"] = closure_annex_data(
            closure,
            language,
            space=data["space"],
            supply=supply,
            told={notice.code for notice in result.notices},
        )
        data["provenance"] += closure_provenance(closure, result, language)
    return compile_document("annex.typ", data, pictures)


def annex_pictures(result: ApproachResult, city: City, language: str = "en") -> dict[str, bytes]:
    """Return the annex's maps and charts by file name."""
    pictures = {
        "access.svg": access_point_map(city, result, language),
        "measure.svg": measuring_plan(city, result, language),
        "profile.svg": profile_chart(result, language),
    }
    for speed_map in result.speed_maps:
        name = f"speed-{speed_map.vehicle}.png"
        pictures[name] = speed_map_picture(city, result, speed_map, language)
    return pictures


def compile_document(
    template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes]
) -> bytes:
    """
    Set a document as PDF/UA-1 without network, system fonts or clock.

    Parameters
    ----------
    template : str
        File name in ``report/templates``.
    data : mapping
        Becomes ``data.json`` beside the template; ``created`` is its ISO date-time.
    pictures : mapping of str to bytes
        By file name.

    Raises
    ------
    DocumentNotMadeError
        If the typesetter refuses, as it does a picture without alternative text.
    """
    with tempfile.TemporaryDirectory(prefix="parvis-") as name:
        folder = Path(name)
        with as_file(files("parvis.report") / "templates") as templates:
            for source in sorted(templates.glob("*.typ")):
                shutil.copyfile(source, folder / source.name)
        (folder / "data.json").write_text(
            json.dumps(printable(data), ensure_ascii=False), encoding="utf-8"
        )
        for picture, content in pictures.items():
            (folder / picture).write_bytes(content)
        try:
            return bytes(
                typst.compile(
                    str(folder / template),
                    root=str(folder),
                    font_paths=[str(Path(mpl.get_data_path()) / "fonts" / "ttf")],
                    ignore_system_fonts=True,
                    format="pdf",
                    pdf_standards=["ua-1"],
                    timestamp=int(created(data["created"]).timestamp()),
                )
            )
        except typst.TypstError as error:
            raise DocumentNotMadeError(document=template, reason=str(error)) from error


def printable(value: Any) -> Any:
    """Return `value` without control characters in its texts, which no font can show."""
    if isinstance(value, Mapping):
        return {key: printable(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(entry) for entry in value]
    if isinstance(value, str):
        return "".join(sign for sign in value if sign == "\n" or category(sign)[0] != "C")
    return value


def created(said: str) -> datetime:
    """Return an ISO date-time as an aware one; UTC where it names no zone."""
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
