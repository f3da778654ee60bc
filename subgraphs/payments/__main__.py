"""``python -m subgraphs.payments``."""

from shared.runtime.service import main
from subgraphs.payments.bootstrap import build

if __name__ == "__main__":
    main(build)
