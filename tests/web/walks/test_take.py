"""What goes along, who may take it, on what day it ends."""


def test_the_package_has_the_contracts_shape(begin, device):
    walk = device(begin())
    response = walk.take()
    assert response.status_code == 201, response.content
    assert response["Cache-Control"] == "private, no-store"
    found = response.json()
    assert set(found) == {
        "format", "copy", "base", "issued", "expires", "csrf", "person", "language", "assessment",
        "sections", "items", "others", "n_desk", "attributes", "lists", "points", "map", "plan",
    }  # fmt: skip
    assert found["format"] == "parvis-walk/1"
    assert found["base"] == walk.base
    core = [item["core"] for item in found["items"]]
    assert 0 < sum(core) <= 40
    assert core == sorted(core, reverse=True)
