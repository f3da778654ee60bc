"""The subgraphs of the mesh, in the one order that their default ports follow."""

SUBGRAPHS = ("users", "products", "orders", "payments", "inventory", "notifications")

FIRST_HTTP_PORT = 4101
FIRST_GRPC_PORT = 4201
