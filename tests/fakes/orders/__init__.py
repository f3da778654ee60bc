"""The ports of orders in memory: what its handlers and sagas are tested with. One contract suite holds for them and for
Postgres.
"""
