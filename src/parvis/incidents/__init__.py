"""Where and when are incidents recorded, for how many people, and how sure is that."""
