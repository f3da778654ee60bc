"""Inventory's settings."""

from typing import Literal

from pydantic_settings import SettingsConfigDict

from shared.runtime.config import Port, SubgraphSettings


class InventorySettings(SubgraphSettings):
    """Read from the environment; its own ones begin with ``INVENTORY_``."""

    model_config = SettingsConfigDict(env_prefix="INVENTORY_")

    port: Port = 4105
    grpc_port: Port = 4205

    # Which warehouses an order is filled from: as few as can be,
    # or each until it is empty in the order of their priority.
    fill_policy: Literal["fewest-parcels", "priority"] = "fewest-parcels"
