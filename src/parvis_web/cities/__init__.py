"""Imported cities: extract, boundary, municipal layers."""
