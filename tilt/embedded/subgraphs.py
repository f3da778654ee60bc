"""The subgraphs of this tree."""

from tilt.embedded.manifest import read_manifests

MANIFESTS = read_manifests()
SUBGRAPHS = tuple(MANIFESTS)
