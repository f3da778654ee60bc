from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AuthorizeRequest(_message.Message):
    __slots__ = ("idempotency_key", "order_id", "customer_id", "amount_minor", "currency", "payment_method_id", "attempt")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_METHOD_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    order_id: str
    customer_id: str
    amount_minor: int
    currency: str
    payment_method_id: str
    attempt: int
    def __init__(self, idempotency_key: _Optional[str] = ..., order_id: _Optional[str] = ..., customer_id: _Optional[str] = ..., amount_minor: _Optional[int] = ..., currency: _Optional[str] = ..., payment_method_id: _Optional[str] = ..., attempt: _Optional[int] = ...) -> None: ...

class AuthorizeResponse(_message.Message):
    __slots__ = ("payment_id", "authorized", "declined", "requires_action")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    AUTHORIZED_FIELD_NUMBER: _ClassVar[int]
    DECLINED_FIELD_NUMBER: _ClassVar[int]
    REQUIRES_ACTION_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    authorized: Authorized
    declined: Declined
    requires_action: RequiresAction
    def __init__(self, payment_id: _Optional[str] = ..., authorized: _Optional[_Union[Authorized, _Mapping]] = ..., declined: _Optional[_Union[Declined, _Mapping]] = ..., requires_action: _Optional[_Union[RequiresAction, _Mapping]] = ...) -> None: ...

class Authorized(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Declined(_message.Message):
    __slots__ = ("code", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class RequiresAction(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CaptureRequest(_message.Message):
    __slots__ = ("idempotency_key", "order_id", "attempt")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    order_id: str
    attempt: int
    def __init__(self, idempotency_key: _Optional[str] = ..., order_id: _Optional[str] = ..., attempt: _Optional[int] = ...) -> None: ...

class CaptureResponse(_message.Message):
    __slots__ = ("payment_id", "captured", "declined")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CAPTURED_FIELD_NUMBER: _ClassVar[int]
    DECLINED_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    captured: Captured
    declined: Declined
    def __init__(self, payment_id: _Optional[str] = ..., captured: _Optional[_Union[Captured, _Mapping]] = ..., declined: _Optional[_Union[Declined, _Mapping]] = ...) -> None: ...

class Captured(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class VoidRequest(_message.Message):
    __slots__ = ("idempotency_key", "order_id", "attempt")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    order_id: str
    attempt: int
    def __init__(self, idempotency_key: _Optional[str] = ..., order_id: _Optional[str] = ..., attempt: _Optional[int] = ...) -> None: ...

class VoidResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RefundRequest(_message.Message):
    __slots__ = ("idempotency_key", "order_id", "amount_minor", "remaining", "attempt", "paid_outside", "paid_minor")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    PAID_OUTSIDE_FIELD_NUMBER: _ClassVar[int]
    PAID_MINOR_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    order_id: str
    amount_minor: int
    remaining: bool
    attempt: int
    paid_outside: str
    paid_minor: int
    def __init__(self, idempotency_key: _Optional[str] = ..., order_id: _Optional[str] = ..., amount_minor: _Optional[int] = ..., remaining: _Optional[bool] = ..., attempt: _Optional[int] = ..., paid_outside: _Optional[str] = ..., paid_minor: _Optional[int] = ...) -> None: ...

class RefundResponse(_message.Message):
    __slots__ = ("payment_id", "amount_minor", "refunded_minor")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    REFUNDED_MINOR_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    amount_minor: int
    refunded_minor: int
    def __init__(self, payment_id: _Optional[str] = ..., amount_minor: _Optional[int] = ..., refunded_minor: _Optional[int] = ...) -> None: ...
