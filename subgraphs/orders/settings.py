"""Orders' settings."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.runtime.config import Port, RpcAddress, SubgraphSettings
from subgraphs.orders.domain.cart import CartLifetime
from subgraphs.orders.domain.fulfilment import CaptureTime


class OrdersSettings(SubgraphSettings):
    """Read from the environment; its own ones begin with ``ORDERS_``."""

    model_config = SettingsConfigDict(env_prefix="ORDERS_")

    port: Port = 4103
    grpc_port: Port = 4203

    inventory_rpc_address: RpcAddress = Field(default="127.0.0.1:4205", validation_alias="INVENTORY_RPC_ADDRESS")
    payments_rpc_address: RpcAddress = Field(default="127.0.0.1:4204", validation_alias="PAYMENTS_RPC_ADDRESS")

    # After how many days without a change a cart is thrown away: one that has an owner, and an anonymous one.
    cart_days: int = Field(default=90, ge=1, le=3_650)
    anonymous_cart_days: int = Field(default=30, ge=1, le=3_650)

    # For how many days a guest's order is open to whoever has its token.
    token_days: int = Field(default=90, ge=1, le=3_650)

    # How long an order may be tried to be fulfilled before it is given up and undone.
    fulfilment_deadline_seconds: float = Field(default=120.0, gt=0, le=86_400)
    # How long a worker may be silent in a step before another one takes the order over.
    # Longer than a gRPC call may take.
    fulfilment_lease_seconds: float = Field(default=15.0, gt=0, le=3_600)
    # How many orders a worker fulfils at once.
    fulfilment_parallel: int = Field(default=16, ge=1, le=200)
    # How long a buyer has to authenticate (3-D Secure) or approve (PayPal) the payment; then the order is undone.
    action_deadline_seconds: float = Field(default=900.0, gt=0, le=86_400)
    # When the money is taken: before an order is confirmed, or with its first shipment.
    capture: CaptureTime = CaptureTime.CONFIRMATION
    # How long inventory holds an order's units.
    # Longer than both deadlines, so that a hold ends only after a long outage.
    hold_seconds: int = Field(default=1200, ge=1, le=86_400)

    @property
    def cart_lifetime(self) -> CartLifetime:
        """How long carts are kept."""
        return CartLifetime(self.anonymous_cart_days, self.cart_days)
