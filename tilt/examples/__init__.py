"""Answers for subgraphs that do not run: examples made from their SDL, the same each time."""
