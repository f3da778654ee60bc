"""Settings from the environment. A missing or malformed one stops the start with one clear line."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AliasChoices, AliasPath, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.persistence.outbox import DEFAULT_EVENT_BYTES
from shared.runtime import addresses
from shared.runtime.exits import EXIT_CONFIGURATION
from shared.security.secrets import Secret, SecretFiles
from shared.security.tls import TlsSetting

Port = Annotated[int, Field(ge=1, le=65535)]


def _not_empty(secret: Secret) -> Secret:
    if not secret.current():
        raise PydanticCustomError("secret", "must not be empty")
    return secret


def _database_url(secret: Secret) -> Secret:
    addresses.database_url(secret.current())
    return secret


RequiredSecret = Annotated[Secret, AfterValidator(_not_empty)]
HttpUrl = Annotated[str, AfterValidator(addresses.http_url)]
KafkaServers = Annotated[str, AfterValidator(addresses.kafka_servers)]
RedisUrl = Annotated[str, AfterValidator(addresses.redis_url)]
RpcAddress = Annotated[str, AfterValidator(addresses.server)]
TimeZone = Annotated[str, AfterValidator(addresses.time_zone)]
DatabaseUrl = Annotated[RequiredSecret, AfterValidator(_database_url)]


class SubgraphSettings(BaseSettings):
    """What every subgraph needs to know.

    A subclass sets ``env_prefix`` to its own name, such as ``INVENTORY_``; fields with an alias are the same for the
    whole mesh. What the environment does not hold may be a file of the folder ``SECRETS_DIR``, named as the variable.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True, arbitrary_types_allowed=True)

    host: str = "127.0.0.1"
    port: Port
    grpc_port: Port
    # Where health, metrics and the subgraph's own routes are answered when `port` is to answer GraphQL alone.
    open_port: Port | None = None
    # A port that this process has alone. Where it is set, `port` and `grpc_port` may be another version's at the same
    # time, so that one takes over from the other without a gap: in development (tilt/embedded/reloading).
    version_port: Port | None = Field(default=None, validation_alias="VERSION_PORT")
    # How long requests are still answered after a stop was asked for, each with the end of its connection.
    # Longer than callers keep an idle connection (the router: four seconds), where a request must never
    # meet one that is being closed.
    drain_seconds: float = Field(default=0.0, ge=0, le=60, validation_alias="DRAIN_SECONDS")
    database_url: DatabaseUrl
    database_pool_size: int = Field(default=10, ge=1, le=200)

    kafka_bootstrap_servers: KafkaServers = Field(validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    # The largest event that is written, in bytes: Kafka's message.max.bytes (1,048,588 by
    # default) less headers and framing.
    event_max_bytes: int = Field(
        default=DEFAULT_EVENT_BYTES, ge=1000, le=100_000_000, validation_alias="EVENT_MAX_BYTES"
    )
    redis_url: RedisUrl = Field(validation_alias="REDIS_URL")
    router_secret: RequiredSecret = Field(validation_alias="ROUTER_SECRET")
    rpc_secret: RequiredSecret = Field(validation_alias="RPC_SECRET")
    jwks_url: HttpUrl = Field(validation_alias="JWKS_URL")
    token_issuer: str = Field(default="mercato", validation_alias="TOKEN_ISSUER")
    token_audience: str = Field(default="mercato", validation_alias="TOKEN_AUDIENCE")
    tls: TlsSetting | None = Field(default=None, validation_alias="TLS_DIR")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", validation_alias="LOG_LEVEL")
    # Whose clocks say which day it is: an IANA name.
    time_zone: TimeZone = Field(default="UTC", validation_alias="TIME_ZONE")
    otlp_endpoint: HttpUrl | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code, then the environment, then the files of ``SECRETS_DIR``."""
        folder = os.environ.get("SECRETS_DIR")
        files = [SecretFiles(settings_cls, Path(folder), partial(_variable, settings_cls))] if folder else []
        return (init_settings, env_settings, *files)


Settings = TypeVar("Settings", bound=SubgraphSettings)


_needs_none: ContextVar[bool] = ContextVar("needs_none", default=False)


@contextlib.contextmanager
def without_settings() -> Iterator[None]:
    """Inside, ``load_settings`` reads nothing and answers defaults, and placeholders for what has none.

    For who runs nothing.
    """
    token = _needs_none.set(True)
    try:
        yield
    finally:
        _needs_none.reset(token)


_before_complaints: ContextVar[Callable[[], None] | None] = ContextVar("before_complaints", default=None)


@contextlib.contextmanager
def complaints_after(check: Callable[[], None]) -> Iterator[None]:
    """Inside, ``check`` runs before ``load_settings`` tells a mistake; it may end the process with an earlier one."""
    token = _before_complaints.set(check)
    try:
        yield
    finally:
        _before_complaints.reset(token)


def _placeholders(settings_type: type[BaseSettings]) -> dict[str, Any]:
    return {
        name: _placeholder(name, field) for name, field in settings_type.model_fields.items() if field.is_required()
    }


def _placeholder(name: str, field: FieldInfo) -> Any:
    if field.annotation is Secret:
        return Secret("")
    if field.annotation is int:
        return 0
    scheme = name.removesuffix("_url") if name in ("redis_url", "smtp_url") else "http"
    return f"{scheme}://nowhere:1" if field.annotation is str else _Unset()


class _Unset:
    """Whatever is asked of it, it is not there either."""

    def __getattr__(self, name: str) -> "_Unset":
        return self

    def __call__(self, *_: object, **__: object) -> "_Unset":
        return self


def load_settings(settings_type: type[Settings]) -> Settings:
    """Reads the environment and the files of ``SECRETS_DIR``, or prints what is wrong and leaves with status 78."""
    if _needs_none.get():
        return settings_type.model_construct(**_placeholders(settings_type))
    read_environment: Callable[..., Settings] = settings_type
    try:
        _require_secrets_folder()
        return read_environment()
    except ValidationError as error:
        _check_before_complaints()
        for problem in error.errors():
            name = _variable(settings_type, str(problem["loc"][0]))
            print(f"setting {name}: {problem['msg'].removeprefix('Value error, ')}", file=sys.stderr)
    except ValueError as error:
        _check_before_complaints()
        print(f"setting {error}", file=sys.stderr)
    raise SystemExit(EXIT_CONFIGURATION)


def _check_before_complaints() -> None:
    check = _before_complaints.get()
    if check is not None:
        check()


def _require_secrets_folder() -> None:
    folder = os.environ.get("SECRETS_DIR")
    if folder and not Path(folder).is_dir():
        raise ValueError(f"SECRETS_DIR: there is no folder {folder}")
    if folder and not os.access(folder, os.R_OK | os.X_OK):
        raise ValueError(f"SECRETS_DIR: the folder {folder} can't be read: Permission denied")


def _variable(settings_type: type[BaseSettings], location: str) -> str:
    field = settings_type.model_fields.get(location)
    if field is None:
        return location
    return _alias(field) or f"{settings_type.model_config.get('env_prefix', '')}{location}".upper()


def _alias(field: FieldInfo) -> str | None:
    alias = field.validation_alias
    return None if isinstance(alias, AliasPath | AliasChoices) else alias
