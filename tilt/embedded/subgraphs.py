"""The subgraphs of this tree."""

from tilt.embedded.manifest import read_manifests

MANIFESTS = read_manifests()
SUBGRAPHS = tuple(MANIFESTS)  # as it was when the process started


def read_again() -> None:
    """Have MANIFESTS say what the tree says now.

    Raises:
        ManifestError: when that can't be so; then it stays as it was.
    """
    found = read_manifests()
    MANIFESTS.clear()
    MANIFESTS.update(found)
