"""``python -m subgraphs.notifications``."""

from shared.runtime.service import main
from subgraphs.notifications.bootstrap import build

if __name__ == "__main__":
    main(build)
