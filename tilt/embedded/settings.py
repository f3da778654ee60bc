"""Every address of the mesh, a setting each: the environment variable is the field's name in capitals."""

import os
import re
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.runtime import addresses
from tilt.embedded.errors import MeshError
from tilt.embedded.port_shift import PortShift, moving, shifted
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.process import REPOSITORY
from tilt.embedded.subgraphs import MANIFESTS

Port = Annotated[int, Field(ge=1, le=65535)]
DatabaseUrl = Annotated[str, AfterValidator(addresses.database_url)]
HttpUrl = Annotated[str, AfterValidator(addresses.http_url)]
KafkaServers = Annotated[str, AfterValidator(addresses.kafka_servers)]
RedisUrl = Annotated[str, AfterValidator(addresses.redis_url)]
RpcAddress = Annotated[str, AfterValidator(addresses.server)]
SmtpUrl = Annotated[str, AfterValidator(addresses.smtp_url)]
TimeZone = Annotated[str, AfterValidator(addresses.time_zone)]

_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^/\s@]+@")


class SubgraphSettings(BaseModel):
    """Addresses of one subgraph; its variables carry its name in front: ORDERS_PORT, ORDERS_DATABASE_URL."""

    host: str = LOOPBACK
    port: Port
    grpc_port: Port
    url: HttpUrl
    database_url: DatabaseUrl | None = None
    rpc_address: RpcAddress | None = None  # where others call it, when it is not where it listens


class Settings(BaseSettings):
    """What a person can set before `make up`. Where an address is given, no embedded server is started."""

    model_config = SettingsConfigDict(env_ignore_empty=True)

    mercato_data_dir: Path = REPOSITORY / ".mercato"
    mercato_jars_dir: Path = REPOSITORY / ".mercato" / "jars"
    # What the prefork server runs; tests put small servers in the place of the real subgraphs.
    mercato_subgraph_module: str = "subgraphs.{name}"
    mercato_ports: PortShift = 0  # how far every port below lies from its default, unless it is set itself
    # The subgraphs that run, by name; those that they don't command answer by example. Empty: all run.
    mercato_slice: Annotated[tuple[str, ...], NoDecode] = Field(
        default_factory=lambda: os.environ.get("SUBGRAPHS", ""), validate_default=True
    )
    mercato_slices_dir: Path = REPOSITORY / "tests" / "slices"  # what examples answer, a file for each slice
    reload: bool = True  # whether what is saved while the mesh runs is served

    router: Literal["node", "hive-router"] = "node"
    hive_router: Path | None = None  # its binary, in place of ours
    router_host: str = LOOPBACK
    router_port: Port = moving(4000)
    router_metrics_port: Port = moving(4001)

    kafka_bootstrap_servers: KafkaServers | None = None
    redis_url: RedisUrl | None = None
    stripe_api_base: HttpUrl | None = None
    smtp_url: SmtpUrl | None = None
    mailbox_url: HttpUrl | None = None

    # Where the embedded servers listen.
    postgres_port: Port = moving(4300)
    kafka_port: Port = moving(9092)
    kafka_controller_port: Port = moving(9093)
    valkey_port: Port = moving(6379)
    localstripe_port: Port = moving(8420)
    mailbox_port: Port = moving(8025)
    mailbox_smtp_port: Port = moving(8026)

    # Made on the first start and kept with the data, unless set here.
    router_secret: str | None = None
    rpc_secret: str | None = None
    stripe_webhook_secret: str | None = None
    users_signing_key_file: Path | None = None

    stripe_api_key: str = "sk_test_12345"
    token_issuer: str = "mercato"  # noqa: S105 - a name, no secret
    token_audience: str = "mercato"  # noqa: S105
    jwks_url: HttpUrl | None = None
    otel_exporter_otlp_endpoint: HttpUrl | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    time_zone: TimeZone = "UTC"  # whose clocks say which day it is
    event_max_bytes: int = Field(default=1_000_000, ge=1000, le=100_000_000)

    subgraphs: Annotated[dict[str, SubgraphSettings], NoDecode] = Field(
        default_factory=lambda settings: subgraph_settings(os.environ, settings["mercato_ports"])
    )

    @field_validator("mercato_slice", mode="before")
    @classmethod
    def _split(cls, names: Any) -> Any:
        return tuple(names.replace(",", " ").split()) if isinstance(names, str) else names

    @field_validator("subgraphs", mode="before")
    @classmethod
    def _addresses(cls, given: Any, info: ValidationInfo) -> Any:
        """The variable SUBGRAPHS has names, and no addresses."""
        if not isinstance(given, str):
            return given
        return cls.model_fields["subgraphs"].get_default(call_default_factory=True, validated_data=info.data)

    @field_validator("mercato_data_dir", "mercato_jars_dir", "mercato_slices_dir", "hive_router")
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


def subgraph_settings(environment: "os._Environ[str] | dict[str, str]", shift: int) -> dict[str, SubgraphSettings]:
    """Read the variables of all subgraphs; their manifests say the default ports, which are moved by ``shift``."""
    found = {}
    for name, manifest in MANIFESTS.items():
        given = {
            field: environment[f"{name}_{field}".upper()]
            for field in SubgraphSettings.model_fields
            if environment.get(f"{name}_{field}".upper())
        }
        ports = {"port": manifest.port, "grpc_port": manifest.grpc_port}
        given = {field: str(shifted(port, shift)) for field, port in ports.items() if field not in given} | given
        url = f"http://{given.get('host', LOOPBACK)}:{given['port']}"
        found[name] = validated(f"{name.upper()}_", SubgraphSettings, {"url": url} | given)
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
    """One line that names each wrong variable and says what is wrong with it; a password in an address is not shown."""
    # What is made of a wrong value is no mistake of its own.
    mistakes = (each for each in error.errors() if each["type"] != "default_factory_not_called")
    return "; ".join(map(partial(_complaint, prefix), mistakes))


def _complaint(prefix: str, problem: Any) -> str:
    variable = f"{prefix}{'_'.join(map(str, problem['loc']))}".upper()
    given = _PASSWORD.sub(r"\1***@", repr(problem["input"]))
    return f"{variable}={given}: {problem['msg'].removeprefix('Value error, ')}"
