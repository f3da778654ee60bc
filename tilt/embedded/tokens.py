"""Access tokens where users does not run."""

from datetime import timedelta
from pathlib import Path

from tilt.embedded.credentials import load_credentials
from tilt.embedded.environment import mesh_environment
from tilt.embedded.settings import Settings
from tilt.examples.keys import signing_keys, token, user_id
from tilt.examples.pins import read_pins


def token_without_users(settings: Settings, email: str, scope: str, seconds: int) -> str:
    """One that the mesh takes, for the user who is pinned with this address, or whose example it would be."""
    credentials = load_credentials(settings)
    key = signing_keys(Path(credentials.users_signing_key_file))[0]
    files = sorted(settings.mercato_slices_dir.glob("*.yaml"))  # whichever slice runs, in whatever terminal this is
    subject = user_id(email, read_pins(files))
    return token(key, subject, scope, timedelta(seconds=seconds), mesh_environment(settings, credentials))
