"""How errors travel over gRPC."""

import grpc
import pytest

from shared.errors import Conflict, Internal, ServiceError, Unavailable
from shared.rpc.status import to_status


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
