"""Products' settings."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.runtime.config import Port, SubgraphSettings


class ProductsSettings(SubgraphSettings):
    """Read from the environment; its own ones begin with ``PRODUCTS_``."""

    model_config = SettingsConfigDict(env_prefix="PRODUCTS_")

    port: Port = 4102
    grpc_port: Port = 4202
    # Where browsers reach the pictures, when it is not where this process listens.
    public_url: str | None = Field(default=None, pattern="^https?://[^/]+(/.*)?$")

    @property
    def media_url(self) -> str:
        """What the addresses of pictures begin with."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
