"""A change whose event is larger than may be sent is rejected as a whole, with a clear error."""

from tests.backends import Backends
from tests.integration.users.shoppers import PASSWORD, REGISTER, new_email
from tests.subgraphs import fresh_environment, running
from tilt.embedded.ports import free_ports

LONG_NAME = "🎻" * 200  # 800 bytes: with the rest of its event more than the smallest limit


async def test_a_mutation_whose_event_is_too_large_changes_nothing(backends: Backends) -> None:
    environment = await fresh_environment(backends, "users", "kafka", "valkey")
    port, grpc_port = free_ports(2)
    environment |= {"USERS_PORT": str(port), "USERS_GRPC_PORT": str(grpc_port), "USERS_URL": f"http://127.0.0.1:{port}"}
    environment |= {"EVENT_MAX_BYTES": "1000", "JWKS_URL": f"http://127.0.0.1:{port}/.well-known/jwks.json"}
    email = new_email()
    async with running("users", environment) as users:
        given = {"email": email, "password": PASSWORD, "name": LONG_NAME}
        rejected = await users.graphql(REGISTER, {"input": given})
        (error,) = rejected["errors"]
        assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
        assert error["message"].startswith("This change is too large to be told to others: UserRegistered would have ")
        accepted = await users.graphql(REGISTER, {"input": {**given, "name": "Ada"}})
        assert accepted["data"]["userRegister"]["errors"] == []
