"""Sentences of the server: how it starts, its runs, files read in a process of their own."""

EN = {
    "run_killed_twice": (
        "The computation was broken off twice from outside, most often because memory ran out: "
        "make it smaller, or ask whoever runs this installation."
    ),
    "run_overdue": (
        "The computation took longer than the {minutes} minutes it may take and was stopped: "
        "make it smaller and start it again."
    ),
    "sandbox_limit": (
        "{file} needs more {what} than a file may ({limit}): give a smaller part of it."
    ),
    "sandbox_crash": (
        "{file} cannot be read: reading it broke down. It is damaged or no file of its kind."
    ),
    "serve_demo_open": (
        "The demonstration has accounts that everybody knows: it is served on this machine only, "
        "not at {host}. Leave --host out."
    ),
    "serve_needs_production": (
        "Serving others at {host} needs production settings: set PARVIS_PRODUCTION=1 with its keys "
        "and hosts, or leave --host out to serve this machine only."
    ),
    "serve_twice": (
        "Another parvis serve works on {folder}: stop it, or name another folder with --data."
    ),
    "serve_port": "Port {port} of {host} cannot be taken ({reason}): choose another with --port.",
    "serve_windows": (
        "The server does not run on Windows itself: use the container, or WSL and this command "
        "there."
    ),
    "serve_failed": "The {what} did not start: what it wrote above says why.",
}
