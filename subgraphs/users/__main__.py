"""``python -m subgraphs.users``."""

from shared.runtime.service import main
from subgraphs.users.bootstrap import build

if __name__ == "__main__":
    main(build)
