"""Postgres refuses to run as root; this runs it as an existing unprivileged user when root starts the mesh."""

import os
import pwd
import shutil
import signal
import stat
from collections.abc import Iterable
from pathlib import Path

from tilt.embedded.errors import MeshError

CANDIDATES = ("nobody", "postgres")


def owner() -> pwd.struct_passwd | None:
    """Whose files Postgres works on; None means our own user, which is not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in CANDIDATES:
        if name in known:
            return known[name]
    raise MeshError("Postgres does not run as root, and there is no user 'nobody' to run it as: use another user.")


def give_away(path: Path) -> None:
    """Make a file the unprivileged user's."""
    if user := owner():
        os.chown(path, user.pw_uid, user.pw_gid)


def prefix(folders: Iterable[Path], stop_signal: signal.Signals) -> list[str]:
    """What to put before a command so that it runs unprivileged; nothing for an ordinary user."""
    user = owner()
    if user is None:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise MeshError("Postgres does not run as root: start as another user, or install util-linux (for setpriv).")
    # The kernel forgets the parent-death signal when a process changes its user, so setpriv sets it again.
    command = [setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    command += ["--pdeathsig", stop_signal.name.removeprefix("SIG")]
    if not all(map(others_may_enter, folders)):
        # A clone in /root or in a private temporary folder: let Postgres reach its files in there.
        # (Without the fixup bit access(2), by which Postgres checks its programs, would not count the capability.)
        command += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"]
    return command


def others_may_enter(folder: Path) -> bool:
    """Whether any user can reach a folder: each folder on the way must let others pass."""
    resolved = folder.resolve()
    return all(each.stat().st_mode & stat.S_IXOTH for each in (resolved, *resolved.parents) if each.exists())
