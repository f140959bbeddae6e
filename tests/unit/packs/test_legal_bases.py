"""The pack of legal bases offers citations to check, and says that nobody checked them."""

import pytest

from parvis.packs import PackInvalidError, check_pack_file, legal_bases, load_pack, pack_text

PACK = load_pack("legal-bases")


@pytest.mark.parametrize("country", ["AT", "BE", "DE", "ES", "FR", "IT", "NL", "PL"])
def test_a_country_has_its_own_before_those_of_the_union(country: str) -> None:
    places = {entry.key: entry.country for entry in PACK.entries}  # type: ignore[attr-defined]
    found = [places[basis.key] for basis in legal_bases(country)]
    assert found[0] == country
    assert found[-1] == "EU"
    assert found == sorted(found, key=lambda place: place == "EU")
    assert set(found) == {country, "EU"}


def test_outside_the_union_nothing_of_the_union_is_offered() -> None:
    assert legal_bases("CH") == ()
    assert legal_bases("") == ()


def test_a_member_without_entries_of_its_own_has_those_of_the_union() -> None:
    assert {basis.key[:3] for basis in legal_bases("mt")} == {"eu-"}


def test_nothing_counts_as_checked_while_its_evidence_says_otherwise() -> None:
    for evidence in PACK.evidence.values():  # type: ignore[attr-defined]
        assert (evidence.confidence, evidence.verified) == ("low", False)
    assert not any(basis.is_verified for basis in legal_bases("DE"))


@pytest.mark.parametrize("language", ["fr", "pl"])
def test_what_it_allows_is_said_in_the_readers_language(language: str) -> None:
    for basis, plain in zip(legal_bases("DE", language), legal_bases("DE"), strict=True):
        assert basis.citation == plain.citation
        assert basis.allows != plain.allows


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("country: PL", "country: Poland", "country"),
        ("https://www.boe.es", "http://www.boe.es", "url"),
        ("evidence: own", "evidence: none", "'none' is not listed"),
        ("[AT, BE", "[EU, BE", "'EU' may not stand here"),
        ("[AT, BE", "[BE, BE", "'BE' may not stand here"),
        ("key: de-uig", "key: de-ifg", "'de-ifg' is given twice"),
    ],
)
def test_mistakes_are_named(old: str, new: str, said: str) -> None:
    with pytest.raises(PackInvalidError) as caught:
        check_pack_file(pack_text("legal-bases").replace(old, new, 1), name="laws.yaml")
    assert said in caught.value.details["problems"]
