"""
Rating strings, test energies, gaps and bollard counts against published and recomputed figures.

Rating strings (V23) were found on public pages of vendors and the trade association; energies (A4),
gaps and counts (V22, A2.14, A5) are recomputed from the formulas. Tolerances are half of the last
digit printed, or what is said beside the case.
"""

import math

import numpy as np
import pytest

from parvis.approach.kinematics import kinetic_energy
from parvis.approach.layout import bollard_layout, clear_gap
from parvis.approach.ratings import Verdict, match_rating, parse_rating
from parvis.packs import load_rating_systems
from parvis.terms import KMH_PER_MPS

SPEEDS = np.array([16, 32, 48, 64, 80, 96, 112], dtype=float)
ENERGIES = {
    1500: [15, 59, 133, 237, 370, 533, 726],
    2500: [25, 99, 222, 395, 617, 889, 1210],
    3500: [35, 138, 311, 553, 864, 1244, 1694],
    6800: [67, 269, 604, 1075, 1679, 2418, 3291],
    7200: [71, 284, 640, 1138, 1778, 2560, 3484],
    7500: [74, 296, 667, 1185, 1852, 2667, 3630],
    12000: [119, 474, 1067, 1896, 2963, 4267, 5807],
    18000: [178, 711, 1600, 2844, 4444, 6400, 8711],
    30000: [296, 1185, 2667, 4741, 7407, 10667, 14519],
}


@pytest.mark.parametrize("mass", ENERGIES)
def test_energy_table_of_the_test_speeds(mass: float) -> None:
    energies = kinetic_energy(mass, SPEEDS / KMH_PER_MPS) / 1e3
    np.testing.assert_allclose(energies, ENERGIES[mass], atol=0.51)


def test_the_pack_has_the_test_speeds_of_the_table() -> None:
    iso = load_rating_systems().entries[0]
    assert list(iso.speeds) == list(SPEEDS)
    assert iso.greatest_penetration_m == 25.0


@pytest.mark.parametrize(
    ("text", "system", "mass", "code", "kmh", "degrees", "penetration", "dispersion"),
    [
        ("V/7200[N3C]/80/90:1.1", "iso-22343-1", 7200, "N3C", 80, 90, 1.1, None),
        ("7500[N3]/80/90:2.3/4.0", "pas-68", 7500, "N3", 80, 90, 2.3, 4.0),
        ("PAS68:2010 V/7500[N3C]/80/90.0/1.1/0", "pas-68", 7500, "N3C", 80, 90, 1.1, 0.0),
        ("V/7500(N2)/80/90:2.3/5.4", "pas-68", 7500, "N2", 80, 90, 2.3, 5.4),
        ("IWA 14-1:2013 V/7200[N3C]/80/90:1.1", "iwa-14-1", 7200, "N3C", 80, 90, 1.1, None),
        ("ISO 22343-1:2023 V/2500[N1G]/64/90:0.5", "iso-22343-1", 2500, "N1G", 64, 90, 0.5, None),
        ("PAS 68:2013 Bollard V/7500[N2]/48/90:0.5/0.0", "pas-68", 7500, "N2", 48, 90, 0.5, 0.0),
        ("M50/P1", "astm-f2656", 6800, "M", 80.4672, 90, 1.0, None),
        ("M30-P2", "astm-f2656", 6800, "M", 48.2803, 90, 7.0, None),
        ("ASTM F2656-15 M40/P3", "astm-f2656", 6800, "M", 64.3738, 90, 30.0, None),
        ("C40/P1", "astm-f2656", 1100, "C", 64.3738, 90, 1.0, None),
        ("FS30/P1", "astm-f2656", 2100, "FS", 48.2803, 90, 1.0, None),
        ("PU60/P1", "astm-f2656", 2300, "PU", 96.5606, 90, 1.0, None),
        ("C750/P1", "astm-f2656", 7200, "C7", 80.4672, 90, 1.0, None),
        ("H50/P2", "astm-f2656", 29500, "H", 80.4672, 90, 7.0, None),
        ("K4", "sd-std-02-01", 6804, "K", 48.2803, 90, None, None),
        ("K8/L2", "sd-std-02-01", 6804, "K", 64.3738, 90, 6.0, None),
        ("K12/L3", "sd-std-02-01", 6804, "K", 80.4672, 90, 1.0, None),
        ("DoS SD-STD-02.01 K12/L1", "sd-std-02-01", 6804, "K", 80.4672, 90, 15.0, None),
    ],
)
def test_rating_strings_read_as_printed(
    text: str,
    system: str,
    mass: float,
    code: str,
    kmh: float,
    degrees: float,
    penetration: float | None,
    dispersion: float | None,
) -> None:
    rating = parse_rating(text)
    assert rating.system == system
    assert rating.mass == mass
    assert rating.vehicle_class == code
    assert rating.speed * KMH_PER_MPS == pytest.approx(kmh, abs=1e-4)
    assert math.degrees(rating.angle) == pytest.approx(degrees)
    for value, expected in ((rating.penetration, penetration), (rating.dispersion, dispersion)):
        assert math.isnan(value) if expected is None else value == expected


@pytest.mark.parametrize(
    ("system", "datum"),
    [
        ("iso-22343-1", "attack-face"),
        ("iwa-14-1", "attack-face"),
        ("pas-68", "rear-face"),
        ("astm-f2656", "cargo-bed-front"),
        ("sd-std-02-01", "cargo-bed-front"),
    ],
)
def test_each_standard_keeps_its_own_datum(system: str, datum: str) -> None:
    # A4: penetration is measured from different places.
    (entry,) = (entry for entry in load_rating_systems().entries if entry.key == system)
    assert entry.datum == datum


def test_more_energy_with_less_momentum_is_only_indicative() -> None:
    # A4: 7.2 t at 64 km/h has 1,138 kJ and 128 kN s; 10 t at 55 km/h 1,167 kJ and 153 kN s.
    required = parse_rating("V/10000[N3]/55/90")
    offered = parse_rating("V/7200[N2B]/80/90:0.5")
    assert pytest.approx(128, abs=0.5) == 7200 * 64 / 3.6 / 1e3
    assert pytest.approx(153, abs=0.5) == 10_000 * 55 / 3.6 / 1e3
    assert parse_rating("V/7200[N2B]/64/90").energy / 1e3 == pytest.approx(1138, abs=0.5)
    assert required.energy / 1e3 == pytest.approx(1167, abs=0.5)
    found = match_rating(required, offered)
    assert found.verdict is Verdict.KE_INDICATIVE
    assert not found.is_acceptable


def test_oblique_gap() -> None:
    # V22, A2.14: g 1.2 m, D 0.2 m; tolerance half of the last digit.
    angles = np.radians([90.0, 75.0, 60.0, 45.0, 30.0])
    gaps = clear_gap(1.2, diameter=0.2, angle=angles)
    np.testing.assert_allclose(gaps, [1.200, 1.152, 1.012, 0.790, 0.500], atol=0.00051)


@pytest.mark.parametrize(
    ("width", "count", "gap"),
    [(6.0, 4, 1.040), (7.3, 5, 1.050), (12.0, 8, 1.156), (20.0, 14, 1.147)],
)
def test_bollard_counts(width: float, count: int, gap: float) -> None:
    # V22, A5: G 1.2 m, D 0.2 m; tolerance half of the last digit.
    layout = bollard_layout(width, diameter=0.2)
    assert layout.count == count
    assert layout.gap == pytest.approx(gap, abs=0.00051)
