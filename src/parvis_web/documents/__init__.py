"""Reports, exports, copies, the file as of a date."""
