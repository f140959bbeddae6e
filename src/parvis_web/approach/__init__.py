"""Vehicle approach analyses: from where and how fast vehicles could come."""
