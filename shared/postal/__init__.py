"""Postal addresses: what one is, what each country wants of one, and how one is read from an input."""
