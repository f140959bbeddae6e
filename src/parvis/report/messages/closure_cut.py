"""Sentences of the minimum cut."""

EN = {
    "cut_price_too_high": (
        "A piece of a closure line would cost {cents} cents; at most {most} can be counted: "
        "lower the prices per metre."
    ),
    "cut_certificate": (
        "The cheapest closure could not be proved: greatest flow {flow}, cut {cut} cents."
    ),
    "closure_leaks": "The {n_lines} lines drawn from the cheapest closure leave a way through.",
}
