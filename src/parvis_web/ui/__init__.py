"""Templates, components and formats that all pages share."""
