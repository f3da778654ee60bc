"""The shop that development, demo and load tests start with: the same catalogue on every machine, every time.

Each subgraph seeds its own database from here, so ids and SKUs agree between databases that never meet.
"""
