"""Figures that leave the city by hand: chosen, consented to, signed, withdrawn."""
