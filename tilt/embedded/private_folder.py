"""The data folder is for its owner alone: it holds passwords, mails, orders, and logs of all of them."""

import stat
from pathlib import Path

from tilt.embedded.errors import MeshError


def make_private(folder: Path) -> None:
    """Make a folder that nobody else may enter, or one of ours such.

    Raises:
        MeshError: when it can't be, or is a folder that others use.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
        if is_shared(folder):
            raise MeshError(f"{folder} is for everybody. Choose a folder of your own: MERCATO_DATA_DIR=...")
        folder.chmod(stat.S_IRWXU)
    except OSError as error:
        raise MeshError(
            f"{folder} cannot be made yours alone ({error.strerror}). Choose another: MERCATO_DATA_DIR=..."
        ) from None


def is_shared(folder: Path) -> bool:
    """Whether others rely on it: the root, or where everybody may put files, such as /tmp."""
    return folder == folder.parent or bool(folder.stat().st_mode & stat.S_ISVTX)
