"""``parvis rating``: what a barrier rating means, and whether it meets a required one."""

import json
import math
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from parvis.approach.ratings import Rating

app = typer.Typer(
    help="Explain and compare barrier ratings.", no_args_is_help=True, add_completion=False
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Language(StrEnum):
    """Languages of the sentences."""

    ENGLISH = "en"
    FRENCH = "fr"
    POLISH = "pl"


InLanguage = Annotated[Language, typer.Option("--lang", help="Language of the sentences.")]


@app.command(epilog='Example: parvis rating parse "PAS 68:2013 7500[N3]/80/90:2.3/4.0"')
def parse(
    text: Annotated[str, typer.Argument(help="A rating as it stands in the certificate.")],
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Read a rating of ISO 22343-1, IWA 14-1, PAS 68, ASTM F2656 or DoS SD-STD-02.01."""
    from parvis.approach.ratings import explain, parse_rating

    rating = parse_rating(text)
    sentence = explain(rating, language=language)
    if as_json:
        document = {"rating": _document(rating), "sentence": sentence}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        typer.echo(sentence)


@app.command(
    epilog='Examples: parvis rating match "V/7200[N2B]/64/90" "V/7200[N3C]/80/90:1.1" '
    '--accept N3C --within 3 · parvis rating match "V/7200[N2B]/48/90" --mass 7500 '
    '--speed-kmh 50 --penetration 4.2 --scheme "DIN SPEC 91414-1" --entered-by "A. Assessor"'
)
def match(
    required: Annotated[str, typer.Argument(help="The rating the place requires.")],
    offered: Annotated[
        str, typer.Argument(help="The rating of the product; leave out to enter a certificate.")
    ] = "",
    within: Annotated[
        float | None,
        typer.Option(help="Stand-off to people less the installation margin, in metres."),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="Vehicle class whose front an adviser accepted; may be repeated."),
    ] = None,
    mass: Annotated[
        float, typer.Option(help="Certificate: mass in kg.", show_default=False)
    ] = math.nan,
    speed_kmh: Annotated[
        float, typer.Option(help="Certificate: speed in km/h.", show_default=False)
    ] = math.nan,
    angle: Annotated[float, typer.Option(help="Certificate: angle in degrees.")] = 90.0,
    penetration: Annotated[
        float, typer.Option(help="Certificate: in metres.", show_default=False)
    ] = math.nan,
    ground: Annotated[str, typer.Option(help="Certificate: ground of the test.")] = "",
    array_length: Annotated[
        float,
        typer.Option(
            help="Certificate: length of the array tested, in metres.", show_default=False
        ),
    ] = math.nan,
    scheme: Annotated[str, typer.Option(help="Certificate: its scheme.")] = "",
    entered_by: Annotated[str, typer.Option(help="Certificate: who enters it.")] = "",
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Say whether an offered rating meets a required one, and why."""
    from parvis.approach.ratings import explain, manual_rating, match_rating, parse_rating
    from parvis.terms import KMH_PER_MPS

    needed = parse_rating(required)
    if offered:
        given = parse_rating(offered)
    elif math.isnan(mass):
        raise typer.BadParameter("give OFFERED, or a certificate with --mass and --speed-kmh")
    else:
        given = manual_rating(
            mass=mass,
            speed=speed_kmh / KMH_PER_MPS,
            angle=math.radians(angle),
            penetration=penetration,
            ground=ground,
            array_length=array_length,
            scheme=scheme,
            entered_by=entered_by,
        )
    classes = [name.upper() for name in accept or ()]
    found = match_rating(needed, given, penetration_limit=within, accepted_classes=classes)
    if as_json:
        document = {
            "verdict": found.verdict.value,
            "is_acceptable": found.is_acceptable,
            "reason": {"code": found.reason.code, "sentence": found.reason.sentence(language)},
            "conditions": [
                {"code": remark.code, "sentence": remark.sentence(language)}
                for remark in found.conditions
            ],
            "checks": [
                {"code": remark.code, "sentence": remark.sentence(language)}
                for remark in found.checks
            ],
            "required": _document(needed),
            "offered": _document(given),
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{found.verdict.value}: {found.reason.sentence(language)}")
    typer.echo(f"  {explain(given, language=language)}")
    for remark in found.conditions:
        typer.echo(f"  ! {remark.sentence(language)}")
    for remark in found.checks:
        typer.echo(f"  · {remark.sentence(language)}")


def _document(rating: "Rating") -> dict[str, object]:
    from parvis.terms import KMH_PER_MPS

    def known(value: float) -> float | None:
        return None if math.isnan(value) else round(value, 2)

    return {
        "text": rating.text,
        "system": rating.system,
        "is_system_stated": rating.is_system_stated,
        "edition": rating.edition,
        "mass_kg": rating.mass,
        "vehicle_class": rating.vehicle_class,
        "speed_kmh": known(rating.speed * KMH_PER_MPS),
        "angle_deg": known(math.degrees(rating.angle)),
        "energy_kj": known(rating.energy / 1e3),
        "penetration_m": known(rating.penetration),
        "penetration_level": rating.penetration_level,
        "datum": rating.datum,
        "dispersion_m": known(rating.dispersion),
        "method": rating.method,
        "scheme": rating.scheme,
        "ground": rating.ground,
        "array_length_m": known(rating.array_length),
        "entered_by": rating.entered_by,
    }
