"""Settings from the environment. A missing or malformed one stops the start with one clear line."""

import sys
from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import AliasChoices, AliasPath, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h

Port = Annotated[int, Field(ge=1, le=65535)]


class SubgraphSettings(BaseSettings):
    """What every subgraph needs to know.

    A subclass sets ``env_prefix`` to its own name, such as ``INVENTORY_``; fields with an alias are the same for the whole mesh.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: Port
    grpc_port: Port
    database_url: SecretStr
    database_pool_size: int = Field(default=10, ge=1, le=200)

    kafka_bootstrap_servers: str = Field(validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    redis_url: str = Field(validation_alias="REDIS_URL")
    router_secret: SecretStr = Field(validation_alias="ROUTER_SECRET")
    rpc_secret: SecretStr = Field(validation_alias="RPC_SECRET")
    jwks_url: str = Field(validation_alias="JWKS_URL")
    token_issuer: str = Field(default="mercato", validation_alias="TOKEN_ISSUER")
    token_audience: str = Field(default="mercato", validation_alias="TOKEN_AUDIENCE")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", validation_alias="LOG_LEVEL")
    otlp_endpoint: str | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")


Settings = TypeVar("Settings", bound=SubgraphSettings)


def load_settings(settings_type: type[Settings]) -> Settings:
    """Reads the environment, or prints what is wrong with it and leaves with status 78."""
    read_environment: Callable[..., Settings] = settings_type
    try:
        return read_environment()
    except ValidationError as error:
        for problem in error.errors():
            name = _variable(settings_type, str(problem["loc"][0]))
            print(f"setting {name}: {problem['msg']}", file=sys.stderr)
        raise SystemExit(EXIT_CONFIGURATION) from None


def _variable(settings_type: type[BaseSettings], location: str) -> str:
    field = settings_type.model_fields.get(location)
    if field is None:
        return location
    return _alias(field) or f"{settings_type.model_config.get('env_prefix', '')}{location}".upper()


def _alias(field: FieldInfo) -> str | None:
    alias = field.validation_alias
    return None if isinstance(alias, AliasPath | AliasChoices) else alias
