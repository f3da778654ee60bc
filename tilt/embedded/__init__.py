"""The whole mesh on one machine without a cluster: what `make up` runs, and the backends that the tests start."""
