"""How errors travel over gRPC."""

import grpc
import pytest

from shared.errors import (
    BadUserInput,
    Conflict,
    FailedPrecondition,
    Forbidden,
    Internal,
    LimitExceeded,
    NotFound,
    ServiceError,
    Unauthenticated,
    Unavailable,
)
from shared.rpc.status import from_rpc_error, to_status


class Busy(Unavailable):
    """A kind of unavailability that only one subgraph knows."""


class Odd(ServiceError):
    """An error that has no status of its own."""


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unavailable("x"), grpc.StatusCode.UNAVAILABLE),
        (Busy("x"), grpc.StatusCode.UNAVAILABLE),
        (Conflict("x"), grpc.StatusCode.ALREADY_EXISTS),
        (Internal("x"), grpc.StatusCode.INTERNAL),
        (Odd("x"), grpc.StatusCode.INTERNAL),
    ],
)
def test_an_error_travels_as_what_it_is_a_kind_of(error: ServiceError, status: grpc.StatusCode) -> None:
    assert to_status(error) is status


ANSWERS = {
    grpc.StatusCode.INVALID_ARGUMENT: BadUserInput,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.ALREADY_EXISTS: Conflict,
    grpc.StatusCode.FAILED_PRECONDITION: FailedPrecondition,
    grpc.StatusCode.OUT_OF_RANGE: LimitExceeded,
    grpc.StatusCode.UNAUTHENTICATED: Unauthenticated,
    grpc.StatusCode.PERMISSION_DENIED: Forbidden,
    grpc.StatusCode.INTERNAL: Internal,
}


@pytest.mark.parametrize("status", [status for status in grpc.StatusCode if status is not grpc.StatusCode.OK])
def test_a_status_that_no_service_of_ours_answers_with_is_no_answer(status: grpc.StatusCode) -> None:
    metadata = grpc.aio.Metadata()
    assert type(from_rpc_error(grpc.aio.AioRpcError(status, metadata, metadata))) is ANSWERS.get(status, Unavailable)
