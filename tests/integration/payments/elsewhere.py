"""Further processes of payments beside the one that all tests share."""

from tilt.embedded.ports import free_ports


def own_ports() -> dict[str, str]:
    """Settings by which a process listens where no other does."""
    port, grpc_port = free_ports(2)
    return {
        "PAYMENTS_PORT": str(port),
        "PAYMENTS_URL": f"http://127.0.0.1:{port}",
        "PAYMENTS_GRPC_PORT": str(grpc_port),
        "PAYMENTS_RPC_ADDRESS": f"127.0.0.1:{grpc_port}",
    }
