"""
Measures what the library promises about speed, beside the peers that do the same work.

``python -m benchmarks`` runs all subjects, ``python -m benchmarks NAME …`` some of them; results go
to ``benchmarks/results/NAME.json``. Peers are imported here only.
"""
