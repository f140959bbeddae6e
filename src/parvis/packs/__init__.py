"""Content as data: loading and checking of packs."""
