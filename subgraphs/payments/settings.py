"""The settings of payments."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.config import Port, SubgraphSettings


class PaymentsSettings(SubgraphSettings):
    """Read from the environment; its own ones begin with ``PAYMENTS_``."""

    model_config = SettingsConfigDict(env_prefix="PAYMENTS_")

    port: Port = 4104
    grpc_port: Port = 4204
    stripe_api_base: str = Field(default="https://api.stripe.com", pattern="^https?://[^/]+/?$", validation_alias="STRIPE_API_BASE")
    stripe_api_key: SecretStr = Field(min_length=1, validation_alias="STRIPE_API_KEY")
    stripe_webhook_secret: SecretStr = Field(min_length=1, validation_alias="STRIPE_WEBHOOK_SECRET")
