"""The topics of the mesh: those that the AsyncAPI contracts declare, and a dead-letter topic for each subgraph."""

from pathlib import Path

import yaml

from tilt.embedded.process import REPOSITORY
from tilt.embedded.subgraphs import MANIFESTS

CONTRACTS = REPOSITORY / "schema" / "events"


def declared_topics(contracts: Path = CONTRACTS) -> set[str]:
    """Every channel address of every contract."""
    documents = [yaml.safe_load(path.read_text()) for path in sorted(contracts.glob("*.yaml"))]
    return {channel["address"] for document in documents for channel in document["channels"].values()}


def dead_letter_topics() -> set[str]:
    """Where the consumers of a subgraph put what they cannot handle."""
    return {f"{name}.dead-letters.v1" for name in MANIFESTS}


def all_topics() -> set[str]:
    return declared_topics() | dead_letter_topics()
