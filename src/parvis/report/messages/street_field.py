"""Notices of the street field."""

EN = {
    "streets_cut_by_extract": (
        "{count} streets end near the window only because the extract ends there "
        "(nearest {nearest_m:.0f} m away); vehicles are taken to start there at rest, so the speed "
        "of {entries_cut_short} streets into the window may be too low. "
        "Import an extract that reaches further."
    ),
}
