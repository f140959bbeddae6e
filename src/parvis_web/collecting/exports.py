"""How do values and refused rows leave the application: as CSV that no program runs."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.report.cells import neutralised
from parvis_web.collecting.models import Delivery
from parvis_web.collecting.queries import RejectedRow

if TYPE_CHECKING:
    from parvis.indicators.values import Observations

Response = TypeVar("Response", bound=HttpResponseBase)
_BOM = "\ufeff"


def observations_csv(table: "Observations", name: str) -> StreamingHttpResponse:
    """Return values as CSV with the columns that an import knows by their names."""
    from parvis.indicators.values import Observation

    names = Observation.__slots__

    def lines() -> Iterator[str]:
        yield _BOM + _line(names)
        for each in table:
            said = each.to_json()
            yield _line("" if said[name] is None else said[name] for name in names)

    return _attachment(StreamingHttpResponse(lines(), content_type=_CSV), f"{name}.csv")


def rejected_csv(rows: Iterable[RejectedRow], delivery: Delivery) -> StreamingHttpResponse:
    """Return every row that cannot be used as CSV."""

    def lines() -> Iterator[str]:
        yield _BOM + _line([_("row"), _("column"), _("value"), _("reason")])
        for each in rows:
            yield _line([each.row, each.column, each.value, each.reason])

    name = slugify(delivery.file_name.removesuffix(delivery.ending)) or "delivery"
    response = StreamingHttpResponse(list(lines()), content_type=_CSV)
    return _attachment(response, f"{name}-rejected.csv")


def comparison_csv(rows: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """Return published figures beside ours as CSV, every row of them."""
    head = [_("indicator"), _("area"), _("period"), _("group"), _("published"), _("ours"),
            _("what fits"), _("why")]  # fmt: skip

    def lines() -> Iterator[str]:
        yield _BOM + _line(head)
        for row in rows:
            ours = "" if row["ours"] is None else row["ours"]
            published = "" if row["published"] is None else row["published"]
            yield _line(
                [row["indicator"], row["area"], row["period"], row["split"], published, ours,
                 str(row["cause_word"]), " ".join(row["sentences"])]
            )  # fmt: skip

    response = HttpResponse("".join(lines()), content_type=_CSV)
    return _attachment(response, "published-beside-ours.csv")


_CSV = "text/csv; charset=utf-8"


def _line(cells: Iterable[str | int | float]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([neutralised(cell) for cell in cells])
    return stream.getvalue()


def _attachment(response: Response, name: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
