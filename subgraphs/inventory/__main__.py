"""``python -m subgraphs.inventory``."""

from shared.runtime.service import main
from subgraphs.inventory.bootstrap import build

if __name__ == "__main__":
    main(build)
