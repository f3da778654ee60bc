"""The settings of users."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode, SettingsConfigDict

from shared.runtime.config import HttpUrl, Port, SubgraphSettings
from shared.runtime.reloaded_file import ReloadedFile
from subgraphs.users.infrastructure.passwords import Argon2Cost
from subgraphs.users.infrastructure.signing_keys import SigningKeys, load_signing_keys

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
SigningKeyFile = ReloadedFile[SigningKeys]


def _signing_keys(path: str) -> SigningKeyFile:
    try:
        return ReloadedFile(Path(path), load_signing_keys)
    except ValueError as error:
        raise PydanticCustomError("signing_keys", "{problem}", {"problem": str(error)}) from error


def _public_url(url: str) -> str:
    """Without a slash at its end, since clients compare it letter by letter."""
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise ValueError("must have no ? and no #")
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise ValueError("must begin with https://, unless it is of this machine alone")
    return url.rstrip("/")


class UsersSettings(SubgraphSettings):
    """Read from the environment; its own ones begin with ``USERS_``.

    The cost of a password guess is what OWASP asks for at least,
    and what one log-in may take of a process (decision 15).
    """

    model_config = SettingsConfigDict(env_prefix="USERS_", arbitrary_types_allowed=True)

    port: Port = 4101
    grpc_port: Port = 4201
    signing_keys: Annotated[SigningKeyFile, NoDecode, BeforeValidator(_signing_keys)] = Field(
        validation_alias="USERS_SIGNING_KEY_FILE"
    )
    argon2_passes: int = Field(default=2, ge=1, le=20)
    argon2_memory_kib: int = Field(default=19 * 1024, ge=8 * 1024, le=1024 * 1024)
    argon2_lanes: int = Field(default=1, ge=1, le=16)
    passwords_at_once: int = Field(default=2, ge=1, le=32)
    passwords_waiting: int = Field(default=100, ge=1, le=10_000)
    # After how many days another key signs; without it, keys are rotated by the command alone.
    key_rotation_days: int | None = Field(default=None, ge=1, le=3_650)
    # Where browsers and clients reach the OpenID provider; without it, there is none.
    openid_url: Annotated[HttpUrl, AfterValidator(_public_url)] | None = None

    @property
    def argon2_cost(self) -> Argon2Cost:
        """How dear a guess at a password is."""
        return Argon2Cost(self.argon2_passes, self.argon2_memory_kib, self.argon2_lanes)
