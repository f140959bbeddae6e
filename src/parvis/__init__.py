"""Diagnose, plan, deliver and evaluate the security of public spaces, and keep them open."""

__version__ = "0.1.0"
