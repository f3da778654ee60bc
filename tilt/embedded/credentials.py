"""The secrets of the embedded mesh: made at random on the first start, kept in the data folder, never in the tree."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from tilt.embedded.private_folder import make_private
from tilt.embedded.settings import Settings


@dataclass(frozen=True)
class Credentials:
    """What the parts of the mesh prove themselves with."""

    database_passwords: dict[str, str]
    router_secret: str
    rpc_secret: str
    stripe_webhook_secret: str
    users_signing_key_file: str


def load_credentials(settings: Settings) -> Credentials:
    """Those of the data folder, made where it lacks some; what the settings give wins."""
    file = settings.mercato_data_dir / "credentials.json"
    kept = json.loads(file.read_text()) if file.exists() else asdict(new_credentials(settings.mercato_data_dir))
    newcomers = [name for name in settings.subgraphs if name not in kept["database_passwords"]]
    kept["database_passwords"] |= {name: new_password() for name in newcomers}
    if newcomers:
        write_privately(file, json.dumps(kept, indent=2))
    given = {name: getattr(settings, name) for name in kept if getattr(settings, name, None) is not None}
    return Credentials(**{**kept, **{name: str(value) for name, value in given.items()}})


def new_credentials(folder: Path) -> Credentials:
    """Random ones, and the key that users signs access tokens with; passwords come with those who need them."""
    key_file = folder / "users-signing-key.pem"
    if not key_file.exists():
        # Imported here: only the first start needs it.
        from joserfc.jwk import ECKey

        write_privately(key_file, ECKey.generate_key("P-256").as_pem(private=True).decode())
    return Credentials(
        database_passwords={},
        router_secret=secrets.token_urlsafe(32),
        rpc_secret=secrets.token_urlsafe(32),
        stripe_webhook_secret=f"whsec_{secrets.token_urlsafe(32)}",
        users_signing_key_file=str(key_file),
    )


def new_password() -> str:
    """Of a subgraph's role in Postgres."""
    return secrets.token_urlsafe(24)


def write_privately(file: Path, content: str) -> None:
    """Write a file that only we may read; it is there whole or not at all."""
    make_private(file.parent)
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(content)
    unfinished.replace(file)
