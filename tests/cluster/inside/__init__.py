"""Programs that run in a pod of the mesh, with what an image of a subgraph holds: the text of each."""

from pathlib import Path

_HERE = Path(__file__).parent

SHOPPERS = (_HERE / "shoppers.py").read_text()
STRANGER = (_HERE / "stranger.py").read_text()
MEMBERS = (_HERE / "members.py").read_text()
RELAYS = (_HERE / "relays.py").read_text()
