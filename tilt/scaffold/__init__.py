"""Subgraphs by a template: how one is made, brought up to date with the house, and taken away again."""
