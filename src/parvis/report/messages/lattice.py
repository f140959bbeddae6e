"""Sentences about the motion lattice."""

EN = {
    "lattice_state_unsupported": (
        "Internal error: no move explains the speed of state {state} (run-up {need})."
    ),
}
