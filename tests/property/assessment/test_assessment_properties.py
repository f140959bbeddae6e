"""What holds for every assessment: order, bounds, intervals, gaps that are filled in."""

import math
from dataclasses import replace

from assessment_samples import TODAY, assessed, said
from hypothesis import assume, given
from hypothesis import strategies as st

from parvis.assessment import Answer, Interval, consensus, evaluate, shown
from parvis.assessment.reading import both, either, read
from parvis.assessment.results import Figure, GateResult, LadderResult, MatrixResult
from parvis.assessment.scores import score_at

MET = ("no", "partly", "yes")
RANKS = ("low", "medium", "high")
VALUES = {
    "li1": MET, "li2": MET, "li3": MET, "gate@outside": MET, "lamps": tuple(range(11)),
    "kinds": ((), ("led",), ("gas",), ("led", "gas")), "owner": ("city", "other"),
    "likelihood@inside": RANKS, "harm@inside": RANKS, "likelihood@outside": RANKS,
    "harm@outside": RANKS,
}  # fmt: skip
WIDE = ("li2", "lamps", "likelihood@inside", "harm@inside", "likelihood@outside", "harm@outside")
FIGURES = ("light", "weighed", "lowest", "ready")


def of(item: str) -> st.SearchStrategy[object]:
    """An exact value, a range where one is taken, or "unknown"."""
    values = VALUES[item]
    single = st.sampled_from(values)
    if item not in WIDE:
        return st.one_of(single, st.just("unknown"), st.just("not-applicable"))
    ranks = st.tuples(*[st.integers(0, len(values) - 1)] * 2).map(sorted)
    wide = ranks.map(lambda ends: [values[ends[0]], values[ends[1]]])
    return st.one_of(single, wide, st.just("unknown"), st.just("not-applicable"))


def answered(assessor: str = "a") -> st.SearchStrategy[list[Answer]]:
    return st.fixed_dictionaries({}, optional={item: of(item) for item in VALUES}).map(
        lambda told: [said(item, value, assessor) for item, value in told.items()]
    )


def result(answers):
    return evaluate(assessed(None, *answers), on=TODAY)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True), st.data())
def test_the_order_of_answers_and_assessors_does_not_matter(people, data):
    answers = [answer for who in people for answer in data.draw(answered(who))]
    shuffled = data.draw(st.permutations(answers))
    assert result(answers) == result(shuffled)


@given(answered(), st.permutations("xyz"))
def test_names_of_assessors_do_not_matter(answers, names):
    people = [replace(answer, assessor=who) for answer in answers for who in "xyz"]
    renamed = [replace(a, assessor=names["xyz".index(a.assessor)]) for a in people]
    assert result(people).scores == result(renamed).scores


@given(answered())
def test_those_who_agree_say_what_one_says(answers):
    people = [replace(answer, assessor=who) for answer in answers for who in "xyz"]
    one, three = result(answers), result(people)
    left_out = "across"
    assert [s for s in one.scores if s.key != left_out] == [
        s for s in three.scores if s.key != left_out
    ]
    assert (one.findings, one.duties, three.differences) == (three.findings, three.duties, ())


@st.composite
def filled_in(draw):
    """Answers, and the same with all gaps filled in and all ranges narrowed to one value."""
    answers = draw(answered())
    known = {answer.item: answer for answer in answers}
    full = []
    for item, values in VALUES.items():
        answer = known.get(item)
        if answer is None or answer.state == "unknown":
            full.append(said(item, draw(st.sampled_from([*values, "not-applicable"]))))
        elif isinstance(answer.value, Interval):
            order = [float(v) if isinstance(v, int) else v for v in values]
            low, high = order.index(answer.value.low), order.index(answer.value.high)
            full.append(replace(answer, value=order[draw(st.integers(low, high))]))
        else:
            full.append(answer)
    return answers, full


@given(filled_in())
def test_bounds_hold_whatever_the_gaps_turn_out_to_be(pair):
    open_, full = map(result, pair)
    for key in FIGURES:
        before, after = open_.score(key), full.score(key)
        if after.low is None or before.bounds == (None, None):
            continue
        low, high = before.bounds
        assert low - 1e-6 <= after.low <= after.high <= high + 1e-6
        assert before.low is None or low - 1e-6 <= before.low <= before.high <= high + 1e-6


@given(filled_in())
def test_what_is_decided_stays_so_when_gaps_are_filled_in(pair):
    open_, full = map(result, pair)
    assume(any(full.score(key).low is not None for key in FIGURES))
    ladder = ["", "dark", "dim", "bright"]
    for before, after in zip(open_.scores, full.scores, strict=True):
        if isinstance(before, GateResult) and before.outcome != "undecided":
            assert after.outcome == before.outcome
        if isinstance(before, LadderResult):
            ends = [
                ladder.index(rung or "")
                for rung in (before.low, after.low, after.high, before.high)
            ]
            assert ends == sorted(ends)
        if isinstance(before, MatrixResult) and before.possible:
            assert set(after.classes) <= set(before.possible)
    open_keys = {(f.key, f.at) for f in open_.undecided_findings}
    for finding in full.findings:
        here = finding.key, finding.at
        assert here in open_keys or here in {(f.key, f.at) for f in open_.findings}


@given(filled_in())
def test_a_point_inside_of_a_judgement_leads_inside_of_its_result(pair):
    answers, full = pair
    known = {answer.item for answer in answers if answer.state == "answered"}
    points = [a for a in full if a.item in known] + [a for a in answers if a.state != "answered"]
    wide, narrow = result(answers), result(points)
    for before, after in zip(wide.scores, narrow.scores, strict=True):
        if isinstance(before, Figure) and before.low is not None and after.low is not None:
            assert before.low - 1e-6 <= after.low <= after.high <= before.high + 1e-6
        if isinstance(before, MatrixResult):
            assert set(after.classes) <= set(before.classes)


@given(answered(), st.sampled_from(["li1", "li2"]))
def test_a_better_answer_never_lowers_a_score(answers, item):
    others = [answer for answer in answers if answer.item not in (item, "li3")]
    found = [result([*others, said(item, level)]) for level in MET]
    for key in FIGURES:
        lows = [each.score(key).low for each in found]
        assert lows == sorted(lows)


@given(answered(), st.sampled_from(["li2", "gate@outside", "lamps"]))
def test_unknown_is_never_worse_than_the_worst_answer(answers, item):
    worst = VALUES[item][0]
    others = [answer for answer in answers if answer.item != item]
    unknown, lowest = result([*others, said(item, "unknown")]), result([*others, said(item, worst)])
    for key in FIGURES:
        before, after = unknown.score(key), lowest.score(key)
        assert before.low is None or after.low <= before.low + 1e-6
        assert item not in before.lowest


@given(answered())
def test_a_score_is_the_same_asked_alone_or_among_others(answers):
    reading = read(assessed(None, *answers))
    for found in result(answers).scores:
        score = reading.sheet.names.scores[found.key]
        assert score_at(read(assessed(None, *answers)), score, found.at) == found


@given(answered())
def test_all_that_is_asked_and_not_answered_is_a_gap(answers):
    found = result(answers)
    done = {answer.item for answer in answers if answer.state != "unknown"}
    asked = [item for item in shown(assessed(None, *answers)) if item.question.required]
    assert {item.key for item in asked} - done == {
        gap.item for gap in found.gaps if gap.kind in ("missing", "unknown")
    }


@given(st.lists(st.sampled_from(MET), min_size=1, max_size=7))
def test_what_assessors_say_together_is_their_median(levels):
    people = [said("li1", level, f"p{n}") for n, level in enumerate(levels)]
    (found,) = consensus(assessed(None, *people))
    ranks = sorted(map(MET.index, levels))
    middle = ranks[(len(ranks) - 1) // 2], ranks[len(ranks) // 2]
    ends = Interval(*(MET[rank] for rank in middle))
    assert found.value == (ends.low if ends.low == ends.high else ends)


TRUTHS = st.lists(st.sampled_from([True, False, None]), max_size=4)


@given(TRUTHS)
def test_and_and_or_mirror_each_other(parts):
    mirrored = both(None if part is None else not part for part in parts)
    assert either(parts) is (None if mirrored is None else not mirrored)


@given(answered())
def test_no_number_is_without_end(answers):
    for score in result(answers).scores:
        if isinstance(score, Figure):
            numbers = [score.low, score.high, *score.bounds, *score.scale]
            assert all(math.isfinite(number) for number in numbers if number is not None)
