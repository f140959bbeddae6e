"""Comments of people on spaces, analyses, closure plans, scenarios and documents."""
