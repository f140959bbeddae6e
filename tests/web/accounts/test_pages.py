"""The pages about people answer those who may see them."""

import pytest


@pytest.mark.parametrize("page", ["people/", "people/named/", "settings/", "tokens/"])
def test_an_owner_sees_every_page_about_people(here, page):
    response = here.client("owner").get(f"/a/{here.slug}/{page}")
    assert response.status_code == 200
