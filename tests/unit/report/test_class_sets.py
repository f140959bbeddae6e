"""Without a threat statement every set of classes is shown and none is chosen."""

from parvis.report.class_sets import class_sets
from parvis.report.export import result_document


def test_the_set_of_all_classes_requires_what_the_table_says(result):
    document = result_document(result)
    everything = class_sets(document)[-1]
    assert set(everything.classes) == {vehicle.key for vehicle in result.vehicles}
    told = {p["id"]: (p["vehicle"], p["required_rating"]) for p in document["access_points"]}
    shown = {r.number: (r.vehicle, r.rating) for r in everything.requirements}
    assert shown == told


def test_sets_grow_by_one_class_in_order_of_mass(result):
    sets = class_sets(result_document(result))
    assert [len(item.classes) for item in sets] == list(range(1, len(result.vehicles) + 1))
    masses = {vehicle.key: vehicle.mass for vehicle in result.vehicles}
    assert [masses[item.heaviest] for item in sets] == sorted(masses.values())


def test_a_point_too_narrow_for_a_set_requires_nothing(result):
    document = result_document(result)
    document["access_points"][0]["classes"] = [
        entry for entry in document["access_points"][0]["classes"] if entry["vehicle"] != "M1"
    ]
    assert class_sets(document)[0].requirements[0].vehicle == ""
