"""The accessibility statement is on every page's foot, open to everybody, and names failures."""

from django.test import Client


def test_anybody_reads_the_statement_and_finds_it_from_the_sign_in_page(db):
    client = Client()
    assert 'href="/accessibility/"' in client.get("/account/login/").content.decode()
    text = client.get("/accessibility/").content.decode()
    assert "Known failures" in text
    assert "mailto:" not in text


def test_a_member_is_told_whom_to_write_to(here):
    owner = here.person("owner")
    text = here.client("reader").get("/accessibility/").content.decode()
    assert f"mailto:{owner.email}" in text
