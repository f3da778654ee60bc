from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReservationLine(_message.Message):
    __slots__ = ("line_id", "variant_id", "quantity")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    variant_id: str
    quantity: int
    def __init__(self, line_id: _Optional[str] = ..., variant_id: _Optional[str] = ..., quantity: _Optional[int] = ...) -> None: ...

class ReserveRequest(_message.Message):
    __slots__ = ("idempotency_key", "order_id", "lines", "ttl_seconds", "attempt")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    TTL_SECONDS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    order_id: str
    lines: _containers.RepeatedCompositeFieldContainer[ReservationLine]
    ttl_seconds: int
    attempt: int
    def __init__(self, idempotency_key: _Optional[str] = ..., order_id: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[ReservationLine, _Mapping]]] = ..., ttl_seconds: _Optional[int] = ..., attempt: _Optional[int] = ...) -> None: ...

class ReserveResponse(_message.Message):
    __slots__ = ("reserved", "insufficient_stock")
    RESERVED_FIELD_NUMBER: _ClassVar[int]
    INSUFFICIENT_STOCK_FIELD_NUMBER: _ClassVar[int]
    reserved: Reserved
    insufficient_stock: InsufficientStock
    def __init__(self, reserved: _Optional[_Union[Reserved, _Mapping]] = ..., insufficient_stock: _Optional[_Union[InsufficientStock, _Mapping]] = ...) -> None: ...

class Reserved(_message.Message):
    __slots__ = ("expires_at", "waiting")
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    expires_at: int
    waiting: _containers.RepeatedCompositeFieldContainer[WaitingLine]
    def __init__(self, expires_at: _Optional[int] = ..., waiting: _Optional[_Iterable[_Union[WaitingLine, _Mapping]]] = ...) -> None: ...

class WaitingLine(_message.Message):
    __slots__ = ("line_id", "quantity", "version")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    quantity: int
    version: int
    def __init__(self, line_id: _Optional[str] = ..., quantity: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...

class InsufficientStock(_message.Message):
    __slots__ = ("shortages",)
    SHORTAGES_FIELD_NUMBER: _ClassVar[int]
    shortages: _containers.RepeatedCompositeFieldContainer[Shortage]
    def __init__(self, shortages: _Optional[_Iterable[_Union[Shortage, _Mapping]]] = ...) -> None: ...

class Shortage(_message.Message):
    __slots__ = ("line_id", "variant_id", "requested", "available")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    variant_id: str
    requested: int
    available: int
    def __init__(self, line_id: _Optional[str] = ..., variant_id: _Optional[str] = ..., requested: _Optional[int] = ..., available: _Optional[int] = ...) -> None: ...

class CommitRequest(_message.Message):
    __slots__ = ("idempotency_key", "order_id", "attempt")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    order_id: str
    attempt: int
    def __init__(self, idempotency_key: _Optional[str] = ..., order_id: _Optional[str] = ..., attempt: _Optional[int] = ...) -> None: ...

class CommitResponse(_message.Message):
    __slots__ = ("committed", "expired")
    COMMITTED_FIELD_NUMBER: _ClassVar[int]
    EXPIRED_FIELD_NUMBER: _ClassVar[int]
    committed: Committed
    expired: Expired
    def __init__(self, committed: _Optional[_Union[Committed, _Mapping]] = ..., expired: _Optional[_Union[Expired, _Mapping]] = ...) -> None: ...

class Committed(_message.Message):
    __slots__ = ("waiting",)
    WAITING_FIELD_NUMBER: _ClassVar[int]
    waiting: _containers.RepeatedCompositeFieldContainer[WaitingLine]
    def __init__(self, waiting: _Optional[_Iterable[_Union[WaitingLine, _Mapping]]] = ...) -> None: ...

class Expired(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReleaseRequest(_message.Message):
    __slots__ = ("idempotency_key", "order_id", "attempt")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    order_id: str
    attempt: int
    def __init__(self, idempotency_key: _Optional[str] = ..., order_id: _Optional[str] = ..., attempt: _Optional[int] = ...) -> None: ...

class ReleaseResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReturnRequest(_message.Message):
    __slots__ = ("idempotency_key", "order_id", "lines", "kept_out", "attempt")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    KEPT_OUT_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    order_id: str
    lines: _containers.RepeatedCompositeFieldContainer[ReturnLine]
    kept_out: bool
    attempt: int
    def __init__(self, idempotency_key: _Optional[str] = ..., order_id: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[ReturnLine, _Mapping]]] = ..., kept_out: _Optional[bool] = ..., attempt: _Optional[int] = ...) -> None: ...

class ReturnLine(_message.Message):
    __slots__ = ("line_id", "quantity")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    quantity: int
    def __init__(self, line_id: _Optional[str] = ..., quantity: _Optional[int] = ...) -> None: ...

class ReturnResponse(_message.Message):
    __slots__ = ("waiting",)
    WAITING_FIELD_NUMBER: _ClassVar[int]
    waiting: _containers.RepeatedCompositeFieldContainer[WaitingLine]
    def __init__(self, waiting: _Optional[_Iterable[_Union[WaitingLine, _Mapping]]] = ...) -> None: ...

class ListReservationsRequest(_message.Message):
    __slots__ = ("after_order_id", "limit")
    AFTER_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    after_order_id: str
    limit: int
    def __init__(self, after_order_id: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ListReservationsResponse(_message.Message):
    __slots__ = ("reservations",)
    RESERVATIONS_FIELD_NUMBER: _ClassVar[int]
    reservations: _containers.RepeatedCompositeFieldContainer[Reservation]
    def __init__(self, reservations: _Optional[_Iterable[_Union[Reservation, _Mapping]]] = ...) -> None: ...

class Reservation(_message.Message):
    __slots__ = ("order_id", "state", "lines", "changed_at_ms", "attempt")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    state: str
    lines: _containers.RepeatedCompositeFieldContainer[ReservedLine]
    changed_at_ms: int
    attempt: int
    def __init__(self, order_id: _Optional[str] = ..., state: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[ReservedLine, _Mapping]]] = ..., changed_at_ms: _Optional[int] = ..., attempt: _Optional[int] = ...) -> None: ...

class ReservedLine(_message.Message):
    __slots__ = ("line_id", "variant_id", "held", "sold", "returned", "waiting", "dropped")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    SOLD_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    variant_id: str
    held: int
    sold: int
    returned: int
    waiting: int
    dropped: int
    def __init__(self, line_id: _Optional[str] = ..., variant_id: _Optional[str] = ..., held: _Optional[int] = ..., sold: _Optional[int] = ..., returned: _Optional[int] = ..., waiting: _Optional[int] = ..., dropped: _Optional[int] = ...) -> None: ...

class FindStockDifferencesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FindStockDifferencesResponse(_message.Message):
    __slots__ = ("differences",)
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    differences: _containers.RepeatedCompositeFieldContainer[StockDifference]
    def __init__(self, differences: _Optional[_Iterable[_Union[StockDifference, _Mapping]]] = ...) -> None: ...

class StockDifference(_message.Message):
    __slots__ = ("variant_id", "warehouse", "what", "expected", "found")
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    WAREHOUSE_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    variant_id: str
    warehouse: str
    what: str
    expected: int
    found: int
    def __init__(self, variant_id: _Optional[str] = ..., warehouse: _Optional[str] = ..., what: _Optional[str] = ..., expected: _Optional[int] = ..., found: _Optional[int] = ...) -> None: ...
