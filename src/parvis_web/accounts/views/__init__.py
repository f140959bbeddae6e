"""Pages: one's own account, the people of an authority, panels of objects, tokens, settings."""
