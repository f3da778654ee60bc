"""The errors that callers may see, whatever the protocol: GraphQL and gRPC translate these and nothing else."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar


class ServiceError(Exception):
    """A failure whose message may be shown to the caller.

    ``field`` is the path of the input at fault, outermost name first, or None.
    """

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, field: Sequence[str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = tuple(field) if field is not None else None


class Unauthenticated(ServiceError):
    """The caller did not prove who it is."""

    code = "UNAUTHENTICATED"


class Forbidden(ServiceError):
    """The caller is known and may not do this."""

    code = "FORBIDDEN"


class NotFound(ServiceError):
    """What was asked for does not exist, or is somebody else's."""

    code = "NOT_FOUND"


class BadUserInput(ServiceError):
    """An argument is malformed or out of range."""

    code = "BAD_USER_INPUT"


class Conflict(ServiceError):
    """The request contradicts an earlier one or the present state."""

    code = "CONFLICT"


class FailedPrecondition(ServiceError):
    """The state that something is in forbids what was asked."""

    code = "CONFLICT"


class RateLimited(ServiceError):
    """Too many attempts; trying again later may succeed."""

    code = "RATE_LIMITED"


class LimitExceeded(ServiceError):
    """The request is larger than this service accepts."""

    code = "LIMIT_EXCEEDED"


class Unavailable(ServiceError):
    """Something this request needs can't be reached now; trying again may succeed."""

    code = "UNAVAILABLE"


class Internal(ServiceError):
    """A fault of ours. Its message names no detail: the log has them. It is no rejection: what was done is unknown."""

    code = "INTERNAL"


class Rejection(Exception):
    """A domain rejects what was asked for, and nothing was changed.

    Subclasses carry facts as fields: what, which, how many. How one looks on the wire is told by the entrypoint's
    mapper. They are dataclasses with ``eq=False``, since exceptions have to be hashable and let their traceback be set.
    """


class Rejections(Rejection):
    """Several at once, so that the caller learns of all of them."""

    def __init__(self, *rejections: Rejection) -> None:
        super().__init__("; ".join(map(repr, rejections)))
        self.rejections = rejections


def each_of(rejection: Rejection) -> Sequence[Rejection]:
    """The rejections of a group, or the one that is none."""
    return rejection.rejections if isinstance(rejection, Rejections) else [rejection]


@contextlib.contextmanager
def rejections_as(mapper: Callable[[Rejection], ServiceError]) -> Iterator[None]:
    """Has a rejection fail as the error that ``mapper`` makes of it.

    For callers whose contract has no place for mistakes.
    """
    try:
        yield
    except Rejection as rejection:
        raise mapper(rejection) from rejection


@dataclass(frozen=True, slots=True)
class UserError:
    """A mistake that the caller of a mutation can mend, as payloads list them in ``errors``.

    ``code`` is a value of the domain's own enumeration, ``field`` the path of the input field at fault.
    """

    code: str
    message: str
    field: tuple[str, ...] | None = None


class UserErrors(Exception):
    """Raised by a command that changed nothing because of mistakes that the caller can mend."""

    def __init__(self, *errors: UserError) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors
