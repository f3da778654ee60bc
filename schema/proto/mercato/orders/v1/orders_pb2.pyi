from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrderTokenRequest(_message.Message):
    __slots__ = ("order_id",)
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    def __init__(self, order_id: _Optional[str] = ...) -> None: ...

class OrderTokenResponse(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: str
    def __init__(self, token: _Optional[str] = ...) -> None: ...

class ListOrdersRequest(_message.Message):
    __slots__ = ("after_order_id", "limit")
    AFTER_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    after_order_id: str
    limit: int
    def __init__(self, after_order_id: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ListOrdersResponse(_message.Message):
    __slots__ = ("orders",)
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    orders: _containers.RepeatedCompositeFieldContainer[Order]
    def __init__(self, orders: _Optional[_Iterable[_Union[Order, _Mapping]]] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("order_id", "number", "status", "currency", "total_minor", "refunded_minor", "is_captured", "is_open", "needs_attention", "lines", "changed_at_ms", "attempt")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_MINOR_FIELD_NUMBER: _ClassVar[int]
    REFUNDED_MINOR_FIELD_NUMBER: _ClassVar[int]
    IS_CAPTURED_FIELD_NUMBER: _ClassVar[int]
    IS_OPEN_FIELD_NUMBER: _ClassVar[int]
    NEEDS_ATTENTION_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    number: str
    status: str
    currency: str
    total_minor: int
    refunded_minor: int
    is_captured: bool
    is_open: bool
    needs_attention: bool
    lines: _containers.RepeatedCompositeFieldContainer[OrderLine]
    changed_at_ms: int
    attempt: int
    def __init__(self, order_id: _Optional[str] = ..., number: _Optional[str] = ..., status: _Optional[str] = ..., currency: _Optional[str] = ..., total_minor: _Optional[int] = ..., refunded_minor: _Optional[int] = ..., is_captured: _Optional[bool] = ..., is_open: _Optional[bool] = ..., needs_attention: _Optional[bool] = ..., lines: _Optional[_Iterable[_Union[OrderLine, _Mapping]]] = ..., changed_at_ms: _Optional[int] = ..., attempt: _Optional[int] = ...) -> None: ...

class OrderLine(_message.Message):
    __slots__ = ("line_id", "variant_id", "quantity", "restocked", "kept_out", "waiting")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    RESTOCKED_FIELD_NUMBER: _ClassVar[int]
    KEPT_OUT_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    variant_id: str
    quantity: int
    restocked: int
    kept_out: int
    waiting: int
    def __init__(self, line_id: _Optional[str] = ..., variant_id: _Optional[str] = ..., quantity: _Optional[int] = ..., restocked: _Optional[int] = ..., kept_out: _Optional[int] = ..., waiting: _Optional[int] = ...) -> None: ...
