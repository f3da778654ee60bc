"""``python -m subgraphs.orders``."""

from shared.runtime.service import main
from subgraphs.orders.bootstrap import build

if __name__ == "__main__":
    main(build)
