"""The ``idempotencyKey`` of mutations that move money or stock.

One rule says what the same input is: what means the same. A field that is null was left out, and so was a text of
nothing but white space; white space around texts, capitals in ids and zeros at the end of an amount make no difference,
nor does the order of a list: no mutation with a key takes one whose order means anything.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from shared.errors import BadUserInput
from shared.graphql.context import Info, require_principal
from shared.ids import try_parse_id
from shared.json import canonical
from shared.money import parse_minor
from shared.persistence.work import Once
from shared.text import trimmed

Outcome = TypeVar("Outcome")
Reply = TypeVar("Reply")

_MONEY = {"amount", "currency"}


def once(
    info: Info,
    input: Mapping[str, Any],
    key: str,
    kept: Callable[[Outcome], str],
    answered: Callable[[str], Reply],
    asker: UUID | None = None,
) -> Once[Outcome, Reply]:
    """The request of a mutation that carries a key,
    for a handler whose outcome is ``kept`` as a text and ``answered`` from it. Whose key it is says ``asker``, else the
    access token.

    Raises:
        Unauthenticated: for an anonymous caller.
    """
    scope = f"{info.field_name}:{asker or require_principal(info).user_id}"
    return Once(scope, key, canonical(meant(input)), kept, answered, as_before=canonical(input))


def meant(value: Any) -> Any:
    """What an input means, so that two that mean the same are equal; None for what was left out."""
    if isinstance(value, str):
        text = trimmed(value)
        return str(try_parse_id(text) or text) or None
    if isinstance(value, Mapping):
        return _meant_fields(value)
    if isinstance(value, list):
        return sorted(map(meant, value), key=canonical)
    return value


def _meant_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    if fields.keys() == _MONEY:
        try:
            return {"minor": parse_minor(fields["amount"], fields["currency"], ()), "currency": fields["currency"]}
        except BadUserInput:
            pass  # it is rejected where it is read
    found = {name: meant(value) for name, value in fields.items()}
    return {name: value for name, value in found.items() if value is not None}
