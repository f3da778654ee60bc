"""Days without a time are the shop's.

Whether units may be expected from a day on depends on the clocks of TIME_ZONE.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.backends import Backends
from tests.identity import Issuer
from tests.integration.inventory.staff import new_staff
from tests.subgraphs import fresh_environment, running
from tilt.embedded.ports import free_ports

FIRST, LAST = "Pacific/Kiritimati", "Etc/GMT+12"  # where days begin, and end: 26 hours lie between them
SET_POLICY = """mutation ($input: StockSetPolicyInput!) {
  stockSetPolicy(input: $input) { policy { backorder { availableFrom } } errors { code message field } } }"""


def today(zone: str) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize(("zone", "is_accepted"), [(LAST, True), (FIRST, False)])
async def test_units_are_expected_from_the_shops_own_day_on(
    backends: Backends, issuer: Issuer, zone: str, is_accepted: bool
) -> None:
    environment = await fresh_environment(backends, "inventory", "kafka")
    port, grpc_port = free_ports(2)
    environment |= {
        "INVENTORY_PORT": str(port),
        "INVENTORY_GRPC_PORT": str(grpc_port),
        "INVENTORY_URL": f"http://127.0.0.1:{port}",
    }
    environment |= {"INVENTORY_RPC_ADDRESS": f"127.0.0.1:{grpc_port}", "JWKS_URL": issuer.jwks_url, "TIME_ZONE": zone}
    async with running("inventory", environment) as process:
        staff = await new_staff(process, issuer)
        backorder = {"isAllowed": True, "availableFrom": today(LAST).isoformat()}
        answer = await process.graphql(
            SET_POLICY, {"input": {"variantId": staff.variant_id, "backorder": backorder}}, staff.token
        )
    payload = answer["data"]["stockSetPolicy"]
    if is_accepted:
        assert payload == {"policy": {"backorder": {"availableFrom": today(LAST).isoformat()}}, "errors": []}
    else:
        assert [error["field"] for error in payload["errors"]] == [["backorder", "availableFrom"]]
