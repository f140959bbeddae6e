"""An app of the tests: kinds of runs that sleep, break and die, for a real worker process."""
