"""The inputs of mutations: what is read here can be relied on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.graphql.form import Form
from shared.text import trimmed
from subgraphs.payments.commands.save_method import SaveMethod
from subgraphs.payments.domain.methods import method_mistake
from subgraphs.payments.entrypoints.graphql.rejections import PaymentErrorCode, malformed_method, method_not_found

Input = Mapping[str, Any]


def new_method(input: Input, user_id: UUID) -> SaveMethod:
    """The input of ``paymentMethodAdd``. Raises UserErrors when the method can be none."""
    form, method = Form(PaymentErrorCode.INVALID), trimmed(input["payment_method_id"])
    mistake = method_mistake(method)
    form.note(malformed_method(mistake) if mistake is not None else None)
    form.check()
    return SaveMethod(user_id, method, input["make_default"])


def method_id(input: Input) -> UUID:
    """Which card of the caller's. Raises UserErrors when it can be none."""
    form = Form(PaymentErrorCode.INVALID)
    found = form.id(input["id"], method_not_found)
    form.check()
    return found
