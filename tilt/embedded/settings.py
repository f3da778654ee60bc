"""Every address of the mesh, a setting each: the environment variable is the field's name in capitals."""

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tilt.embedded.errors import MeshError
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.process import REPOSITORY
from tilt.embedded.subgraphs import FIRST_GRPC_PORT, FIRST_HTTP_PORT, SUBGRAPHS


class SubgraphSettings(BaseModel):
    """Addresses of one subgraph; its variables carry its name in front: ORDERS_PORT, ORDERS_DATABASE_URL."""

    host: str = LOOPBACK
    port: int
    grpc_port: int
    url: str
    database_url: str | None = None


class Settings(BaseSettings):
    """What a person can set before `make up`. Where an address is given, no embedded server is started."""

    model_config = SettingsConfigDict(env_ignore_empty=True)

    mercato_data_dir: Path = REPOSITORY / ".mercato"
    mercato_jars_dir: Path = REPOSITORY / ".mercato" / "jars"
    # What the nursery runs; tests put small servers in the place of the real subgraphs.
    mercato_subgraph_module: str = "subgraphs.{name}"

    router: Literal["node", "hive-router"] = "node"
    hive_router: Path | None = None  # its binary, in place of ours
    router_host: str = LOOPBACK
    router_port: int = 4000
    router_metrics_port: int = 4001

    kafka_bootstrap_servers: str | None = None
    redis_url: str | None = None
    stripe_api_base: str | None = None
    smtp_url: str | None = None
    mailbox_url: str | None = None

    # Where the embedded servers listen.
    postgres_port: int = 4300
    kafka_port: int = 9092
    kafka_controller_port: int = 9093
    valkey_port: int = 6379
    localstripe_port: int = 8420
    mailbox_port: int = 8025
    mailbox_smtp_port: int = 8026

    # Made on the first start and kept with the data, unless set here.
    router_secret: str | None = None
    rpc_secret: str | None = None
    stripe_webhook_secret: str | None = None
    users_signing_key_file: Path | None = None

    stripe_api_key: str = "sk_test_12345"
    token_issuer: str = "mercato"  # noqa: S105 - a name, no secret
    token_audience: str = "mercato"  # noqa: S105
    jwks_url: str | None = None
    orders_rpc_address: str | None = None
    inventory_rpc_address: str | None = None
    payments_rpc_address: str | None = None
    otel_exporter_otlp_endpoint: str | None = None
    log_level: str = "INFO"

    subgraphs: dict[str, SubgraphSettings] = Field(default_factory=lambda: subgraph_settings(os.environ))

    @field_validator("mercato_data_dir", "mercato_jars_dir", "hive_router")
    @classmethod
    def _make_absolute(cls, path: Path | None) -> Path | None:
        """Programs run in folders of their own, where a relative path would name something else."""
        return path.expanduser().resolve() if path else None

    @property
    def log_folder(self) -> Path:
        return self.mercato_data_dir / "logs"

    @property
    def router_url(self) -> str:
        return f"http://{self.router_host}:{self.router_port}"

    @property
    def router_metrics_url(self) -> str:
        return f"http://{self.router_host}:{self.router_metrics_port}/metrics"

    @property
    def needs_postgres(self) -> bool:
        """Whether any subgraph was given no database of its own."""
        return any(subgraph.database_url is None for subgraph in self.subgraphs.values())


def subgraph_settings(environment: "os._Environ[str] | dict[str, str]") -> dict[str, SubgraphSettings]:
    """Read the variables of all subgraphs; the place in the list gives the default ports."""
    found = {}
    for place, name in enumerate(SUBGRAPHS):
        given = {
            field: environment[f"{name}_{field}".upper()]
            for field in SubgraphSettings.model_fields
            if environment.get(f"{name}_{field}".upper())
        }
        host, port = given.get("host", LOOPBACK), given.get("port", str(FIRST_HTTP_PORT + place))
        defaults = {"port": port, "grpc_port": str(FIRST_GRPC_PORT + place), "url": f"http://{host}:{port}"}
        found[name] = validated(f"{name.upper()}_", SubgraphSettings, defaults | given)
    return found


def validated(prefix: str, model: type[SubgraphSettings], values: dict[str, str]) -> SubgraphSettings:
    """As pydantic does it, but the complaint names the environment variable."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise MeshError(complaint(error, prefix)) from error


def load_settings() -> Settings:
    """Read the environment; a wrong value stops the start with its name."""
    try:
        return Settings()
    except ValidationError as error:
        raise MeshError(complaint(error, "")) from error


def complaint(error: ValidationError, prefix: str) -> str:
    """One line that names each wrong variable and says what is wrong with it."""
    return "; ".join(
        f"{prefix}{'_'.join(map(str, each['loc']))}".upper() + f"={each['input']!r}: {each['msg']}" for each in error.errors()
    )
