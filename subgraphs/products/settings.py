"""Products' settings."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.config import Port, SubgraphSettings


class ProductsSettings(SubgraphSettings):
    """Read from the environment; its own ones begin with ``PRODUCTS_``."""

    model_config = SettingsConfigDict(env_prefix="PRODUCTS_")

    port: Port = 4102
    grpc_port: Port = 4202
    # Where browsers reach the pictures: the addresses of media begin with it.
    public_url: str = Field(default="http://127.0.0.1:4102", pattern="^https?://[^/]+(/.*)?$")
