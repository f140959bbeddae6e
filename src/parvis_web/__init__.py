"""The web application: an authority works with its public spaces."""
