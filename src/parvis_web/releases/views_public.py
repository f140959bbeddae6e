"""What anybody reads of published figures: an overview, a release, an embed, files."""

from functools import lru_cache
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from parvis_web.releases.content import read_content
from parvis_web.releases.figures import figure_of
from parvis_web.releases.models import PublicFigures
from parvis_web.releases.queries import Shown, public_figures, public_release
from parvis_web.releases.shown import LANGUAGES, downloads, item_of, language_now, pieces
from parvis_web.ui.language import chosen
from parvis_web.ui.middleware import POLICY

KEPT = "public, max-age=300"
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").replace(
    "script-src 'self'", "script-src 'none'"
)
"""Published figures may stand in any page: they carry no session, no form and no script."""


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an authority has released; nothing is there until something is."""
    found = public_figures(slug)
    if not found:
        raise Http404
    first = found[0].row.content
    with translation.override(_language(request, first["language"])):
        context = {
            "slug": slug,
            "authority": first["authority"],
            "in_force": [each for each in found if each.is_in_force],
            "past": [each for each in found if not each.is_in_force],
        }
        return _sent(render(request, "releases/public_list.html", context))


@require_safe
def release(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Show a release with all its figures; of a withdrawn one only that it is, and why."""
    found = _found(slug, pk)
    content = found.row.content
    with translation.override(_language(request, content["language"])):
        is_withdrawn = found.row.ended is not None
        context = {
            "slug": slug,
            "found": found,
            "content": content,
            "is_withdrawn": is_withdrawn,
            "pieces": [] if is_withdrawn else pieces(content, slug=slug, pk=pk),
        }
        status = 410 if is_withdrawn else 200
        return _sent(render(request, "releases/public.html", context, status=status))


@require_safe
@xframe_options_exempt
def embed(request: HttpRequest, slug: str, pk: UUID, key: str) -> HttpResponse:
    """Show one figure for other sites' pages: with its caveats and the way to all of it."""
    found = _found(slug, pk)
    content = read_content(found.row.content)
    item = item_of(content, key)
    if item is None:
        raise Http404
    is_withdrawn = found.row.ended is not None
    with translation.override(_language(request, content.language)):
        from parvis.report.figures import embedded

        language = language_now()
        context = {
            "found": found,
            "authority": content.authority,
            "title": content.title,
            "is_withdrawn": is_withdrawn,
            "chart": None if is_withdrawn else embedded(figure_of(content, item, language)),
            "downloads": [] if is_withdrawn else downloads(slug, pk, key, language)[:1],
            "address": request.build_absolute_uri(
                reverse("public-figures:release", args=[slug, pk])
            ),
            "language": language,
        }
        response = _sent(HttpResponse(render_to_string("releases/embed.html", context)))
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def download(request: HttpRequest, slug: str, pk: UUID, key: str, ending: str) -> HttpResponse:
    """Send one figure as a file, caveats and all."""
    found = _found(slug, pk)
    if found.row.ended is not None or ending not in MEDIA:
        raise Http404
    if item_of(read_content(found.row.content), key) is None:
        raise Http404
    language = _language(request, found.row.content["language"])
    language = language if language in LANGUAGES else "en"
    response = HttpResponse(_file(pk, key, ending, language), content_type=MEDIA[ending])
    name = f"{slug}-{found.row.number}-{key}-{language}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Language"] = language
    return _sent(response)


@lru_cache(maxsize=256)
def _file(pk: UUID, key: str, ending: str, language: str) -> bytes:
    """Return a file of what is never changed; the caller has made sure that it is public."""
    from parvis.report import figures

    content = read_content(PublicFigures.objects.get(pk=pk).content)
    item = item_of(content, key)
    if item is None:
        raise Http404
    figure = figure_of(content, item, language)
    match ending:
        case "csv":
            return ("\ufeff" + figures.to_csv(figure)).encode()
        case "xlsx":
            return figures.to_xlsx(figure)
        case "json":
            return figures.to_json_stat(figure).encode()
        case "parquet":
            return figures.to_parquet(figure)
        case "svg":
            return figures.to_svg(figure).encode()
        case _:
            return figures.to_png(figure)


def _found(slug: str, pk: UUID) -> Shown:
    found = public_release(slug, pk)
    if found is None:
        raise Http404
    return found


def _language(request: HttpRequest, own: str) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else chosen(request) or own


def _sent(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = KEPT
    response.headers.setdefault("Content-Language", translation.get_language() or "en")
    return response
