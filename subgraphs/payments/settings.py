"""The settings of payments."""

from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from shared.runtime.config import HttpUrl, Port, RequiredSecret, RpcAddress, SubgraphSettings
from shared.security.secrets import Secret

_ADDRESS = r"^https?://[^/\s]+/?$"
_PAGE = r"^(https?://\S+)?$"
_LOOPBACK = r"^(http://127\.0\.0\.1:[0-9]{1,5})?$"


class PaymentsSettings(SubgraphSettings):
    """Read from the environment; its own ones begin with ``PAYMENTS_``.

    PayPal is offered when ``PAYPAL_CLIENT_ID`` is set. In the addresses that buyers come back to,
    ``{order_id}`` becomes the order's id. ``PAYPAL_CERTIFICATE_ORIGIN`` and
    ``PAYPAL_CERTIFICATE_AUTHORITIES`` are for tests: another place, on this machine only, that certificates
    may come from, and a PEM file of the roots to trust instead of the web's.
    """

    model_config = SettingsConfigDict(env_prefix="PAYMENTS_")

    port: Port = 4104
    grpc_port: Port = 4204
    stripe_api_base: HttpUrl = Field(
        default="https://api.stripe.com", pattern="^https?://[^/]+/?$", validation_alias="STRIPE_API_BASE"
    )
    stripe_api_key: RequiredSecret = Field(validation_alias="STRIPE_API_KEY")
    stripe_webhook_secret: RequiredSecret = Field(validation_alias="STRIPE_WEBHOOK_SECRET")

    orders_rpc_address: RpcAddress = Field(default="127.0.0.1:4203", validation_alias="ORDERS_RPC_ADDRESS")
    inventory_rpc_address: RpcAddress = Field(default="127.0.0.1:4205", validation_alias="INVENTORY_RPC_ADDRESS")
    # How often the books of provider, payments, orders and inventory are compared.
    reconcile_seconds: float = Field(default=900.0, ge=1, le=86_400)

    paypal_client_id: str = Field(default="", validation_alias="PAYPAL_CLIENT_ID")
    paypal_client_secret: Secret = Field(
        default=Secret(""), validation_alias="PAYPAL_CLIENT_SECRET", validate_default=True
    )
    paypal_api_base: str = Field(
        default="https://api-m.paypal.com", pattern=_ADDRESS, validation_alias="PAYPAL_API_BASE"
    )
    paypal_webhook_id: str = Field(default="", validation_alias="PAYPAL_WEBHOOK_ID", validate_default=True)
    paypal_return_url: str = Field(
        default="", pattern=_PAGE, validation_alias="PAYPAL_RETURN_URL", validate_default=True
    )
    paypal_cancel_url: str = Field(
        default="", pattern=_PAGE, validation_alias="PAYPAL_CANCEL_URL", validate_default=True
    )
    paypal_certificate_origin: str = Field(default="", pattern=_LOOPBACK, validation_alias="PAYPAL_CERTIFICATE_ORIGIN")
    paypal_certificate_authorities: Path | None = Field(default=None, validation_alias="PAYPAL_CERTIFICATE_AUTHORITIES")

    @field_validator("paypal_client_secret", "paypal_webhook_id", "paypal_return_url", "paypal_cancel_url")
    @classmethod
    def _is_whole(cls, value: str | Secret, info: ValidationInfo) -> str | Secret:
        """PayPal is set up wholly or not at all."""
        text = value.current() if isinstance(value, Secret) else value
        if info.data.get("paypal_client_id") and not text:
            raise ValueError("is needed as PAYPAL_CLIENT_ID is set")
        return value
