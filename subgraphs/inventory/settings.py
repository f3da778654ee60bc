"""Inventory's settings."""

from pydantic_settings import SettingsConfigDict

from shared.config import Port, SubgraphSettings


class InventorySettings(SubgraphSettings):
    """Read from the environment; its own ones begin with ``INVENTORY_``."""

    model_config = SettingsConfigDict(env_prefix="INVENTORY_")

    port: Port = 4105
    grpc_port: Port = 4205
