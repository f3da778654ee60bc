"""How the chassis' errors travel as gRPC status codes, and back."""

import grpc

from shared.errors import (
    BadUserInput,
    Conflict,
    FailedPrecondition,
    Forbidden,
    Internal,
    LimitExceeded,
    NotFound,
    RateLimited,
    ServiceError,
    Unauthenticated,
    Unavailable,
)

FIELD_KEY = "x-error-field"

_STATUS: dict[type[ServiceError], grpc.StatusCode] = {
    BadUserInput: grpc.StatusCode.INVALID_ARGUMENT,
    Conflict: grpc.StatusCode.ALREADY_EXISTS,
    FailedPrecondition: grpc.StatusCode.FAILED_PRECONDITION,
    Forbidden: grpc.StatusCode.PERMISSION_DENIED,
    Internal: grpc.StatusCode.INTERNAL,
    LimitExceeded: grpc.StatusCode.OUT_OF_RANGE,
    NotFound: grpc.StatusCode.NOT_FOUND,
    RateLimited: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    Unavailable: grpc.StatusCode.UNAVAILABLE,
}
_ERROR: dict[grpc.StatusCode, type[ServiceError]] = {
    **{status: error for error, status in _STATUS.items()},
    grpc.StatusCode.DEADLINE_EXCEEDED: Unavailable,
    # gRPC's own, of a server that has enough to do: nothing has been done.
    grpc.StatusCode.RESOURCE_EXHAUSTED: Unavailable,
}


def to_status(error: ServiceError) -> grpc.StatusCode:
    """The status code of an error, or of what it is a kind of."""
    kinds = (kind for kind in type(error).__mro__ if kind in _STATUS)
    return _STATUS[next(kinds, Internal)]


def from_rpc_error(error: grpc.aio.AioRpcError) -> ServiceError:
    """The error that the other side raised.

    What it did not expect itself is Internal, and what it never said (a call that did not reach it,
    a broken connection) is Unavailable: neither is an answer, and the call may be repeated with its key.
    """
    kind = _ERROR.get(error.code(), Unavailable)
    trailers = dict(error.trailing_metadata() or ())
    field = str(trailers[FIELD_KEY]).split(".") if FIELD_KEY in trailers else None
    return kind(error.details() or error.code().name, field)
