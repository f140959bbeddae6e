"""Commands with which an installation is run."""
