"""Pages: analyses of a space, one result, files of it, statements about vehicles, closures."""
