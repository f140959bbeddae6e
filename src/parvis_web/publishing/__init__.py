"""The public page: what an authority chose to publish."""
