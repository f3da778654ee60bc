"""The settings of notifications."""

from email.utils import parseaddr
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from pydantic_settings import SettingsConfigDict

from shared.runtime.config import HttpUrl, Port, RpcAddress, SubgraphSettings


def _smtp_url(url: str) -> str:
    if urlsplit(url).scheme not in ("smtp", "smtps") or not urlsplit(url).hostname:
        raise PydanticCustomError("smtp_url", "write an address such as smtp://mail.example.com:587")
    return url


def _sender(sender: str) -> str:
    if not sender.isprintable() or "@" not in parseaddr(sender)[1]:
        raise PydanticCustomError("sender", "write an address such as Mercato <shop@example.com>")
    return sender


class NotificationsSettings(SubgraphSettings):
    """Read from the environment; its own ones begin with ``NOTIFICATIONS_``.

    Twenty attempts with growing pauses, the longest an hour, take about nine hours.
    """

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    port: Port = 4106
    grpc_port: Port = 4206
    smtp_url: Annotated[str, AfterValidator(_smtp_url)] = Field(validation_alias="SMTP_URL", repr=False)
    sender: Annotated[str, AfterValidator(_sender)] = "Mercato <shop@mercato.example>"
    # The shop's pages, which links in mails lead to.
    shop_url: HttpUrl = "http://127.0.0.1:3000"
    orders_rpc_address: RpcAddress = Field(default="127.0.0.1:4203", validation_alias="ORDERS_RPC_ADDRESS")
    users_rpc_address: RpcAddress = Field(default="127.0.0.1:4201", validation_alias="USERS_RPC_ADDRESS")
    attempts: int = Field(default=20, ge=1, le=100)
