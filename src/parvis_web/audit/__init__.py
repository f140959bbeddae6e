"""Who did what, when, with which object: one unbroken chain per authority."""
