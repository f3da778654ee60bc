"""The names of the subgraphs, for scripts that run before anything is installed."""

SUBGRAPHS = (
    # each subgraph: "{{ name }}",
    "users",
    "products",
    "orders",
    "payments",
    "inventory",
    "notifications",
    # end of each subgraph
)

# Who learns from another comes before it: notifications hear of orders, and orders of all others. So none remembers
# what another has yet to do; that another has done what it does not remember yet is what keys and inboxes are for.
LEARNERS_FIRST = (
    # each subgraph, dependents first: "{{ name }}",
    "notifications",
    "orders",
    "payments",
    "inventory",
    "products",
    "users",
    # end of each subgraph
)
