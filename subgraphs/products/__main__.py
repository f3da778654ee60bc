"""``python -m subgraphs.products``."""

from shared.runtime.service import main
from subgraphs.products.bootstrap import build

if __name__ == "__main__":
    main(build)
