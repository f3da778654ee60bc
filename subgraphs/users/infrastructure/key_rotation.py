"""Changes the keys that access tokens are signed with, one step at a time.

A key is published before it signs, for as long as whoever verifies tokens keeps what was published; and it stays
published after it has signed, until the last token that it signed has ended.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from joserfc.jwk import ECKey

from subgraphs.users.domain.tokens import ACCESS_TOKEN_LIFETIME
from subgraphs.users.infrastructure.signing_keys import CURVE, SigningKeys, load_signing_keys

PUBLISHED_SECONDS = 300  # what ``Cache-Control`` of the published keys says
# Of tokens that the key before signed until a moment ago, with what clocks may differ by.
ENDED_SECONDS = int(ACCESS_TOKEN_LIFETIME.total_seconds()) + 60


def rotate(file: Path) -> str:
    """Takes the next step in a file of keys; what it was, in a line.

    A file with one key gets the next one; in a file that has the next one, that signs from now on.

    Raises:
        ValueError: when the file holds no usable keys, or it is too early: what was written last is not known to all,
            or tokens of the key before may still be good.
        OSError: when the file can't be written, as one that is mounted.
    """
    with _alone(file.parent):
        keys = load_signing_keys(file)
        _require_age(file, PUBLISHED_SECONDS if len(keys.keys) <= 2 else ENDED_SECONDS)
        if len(keys.keys) == 1:
            _replace(file, keys.signer, _new_key())
            return "The next key is published. Rotate again in five minutes, or later: then it signs."
        _replace(file, _next_of(keys), _new_key(), _public(keys.signer))
    return "The next key signs now, and another one is published as the next. The one before verifies what it signed."


def step_is_due(file: Path, after: timedelta) -> bool:
    """Whether the keys of a file are to be rotated by a schedule that has each sign so long.

    The step that publishes a next key is due as soon as it can be taken, since nothing changes by it for anybody.

    Raises:
        ValueError: when the file holds no usable keys.
    """
    is_alone = len(load_signing_keys(file).keys) == 1
    return _age(file) >= (PUBLISHED_SECONDS if is_alone else max(after.total_seconds(), ENDED_SECONDS))


def can_be_rotated(file: Path) -> bool:
    """Whether this process may replace the file: not where it is mounted, as a secret of Kubernetes is."""
    return os.access(file.parent, os.W_OK)


def _next_of(keys: SigningKeys) -> ECKey:
    second = keys.keys[1]
    if not second.is_private:
        raise ValueError("the second PEM block is no private key: it is the one that signs next")
    return second


def _require_age(file: Path, seconds: int) -> None:
    left = seconds - _age(file)
    if left > 0:
        raise ValueError(f"the keys were changed a moment ago: rotate again in {left:.0f} s")


def _age(file: Path) -> float:
    return time.time() - file.stat().st_mtime


def _replace(file: Path, *keys: ECKey) -> None:
    """Whoever reads the file meanwhile finds it whole, before or after; nobody else may read it than before."""
    unfinished = file.with_name(f"{file.name}.new")
    with contextlib.suppress(FileNotFoundError):
        unfinished.unlink()
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        written.writelines(key.as_pem(private=key.is_private) for key in keys)
        os.fchmod(descriptor, file.stat().st_mode & 0o777)
        written.flush()
        os.fsync(descriptor)
    unfinished.replace(file)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of two who rotate at once, the second waits and then finds that it is too early. What was written stays written.

    Raises:
        OSError: when the folder can't be locked.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _new_key() -> ECKey:
    return ECKey.generate_key(CURVE)


def _public(key: ECKey) -> ECKey:
    return ECKey.import_key(key.as_pem(private=False))
