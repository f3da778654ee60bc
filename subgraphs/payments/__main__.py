"""``python -m subgraphs.payments``."""

from shared.service import main
from subgraphs.payments.bootstrap import build

if __name__ == "__main__":
    main(build)
