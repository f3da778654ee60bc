"""Operators' scripts, on real servers."""
