"""Parameters as Stripe's SDKs send them: ``card[number]=4242``, ``expand[0]=customer``; unknown ones are rejected."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from tests.doubles.stripe.errors import invalid_parameter, missing_parameter

_PARTS = re.compile(r"[^\[\]]+|\[\]")
_LARGEST_AMOUNT = 99_999_999
_FLAGS = {"true": True, "false": False}


def parse(text: str) -> dict[str, Any]:
    """The tree that a form or a query string stands for; leaves are texts."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *parents, leaf = _PARTS.findall(name)
        branch = tree
        for part in parents:
            branch = branch.setdefault(part, {})
        branch[leaf if leaf != "[]" else str(len(branch))] = value
    return tree


class Parameters:
    """Gives each parameter once; ``finish`` rejects what is left."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self._tree = dict(tree)
        self.expand = tuple(self.texts("expand"))

    def text(self, name: str) -> str | None:
        """A text, or None when it is missing; an empty one means to unset it, where Stripe allows that."""
        value = self._tree.pop(name, None)
        if isinstance(value, dict):
            raise invalid_parameter(name, f"Invalid string: {value}", "parameter_invalid_string")
        return value or None

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise missing_parameter(name)
        return value

    def choice(self, name: str, *choices: str) -> str | None:
        """One of these, the first of them unless told."""
        value = self.text(name) or choices[0]
        if value not in choices:
            raise invalid_parameter(name, f"Invalid {name}: must be one of {', '.join(choices)}", "parameter_invalid")
        return value

    def integer(self, name: str) -> int | None:
        text = self.text(name)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d+", text):
            raise invalid_parameter(name, f"Invalid integer: {text}", "parameter_invalid_integer")
        return int(text)

    def amount(self, name: str) -> int | None:
        """Minor units, more than none."""
        amount = self.integer(name)
        if amount is not None and amount < 1:
            message = "This value must be greater than or equal to 1."
            raise invalid_parameter(name, message, "parameter_invalid_integer")
        if amount is not None and amount > _LARGEST_AMOUNT:
            raise invalid_parameter(name, f"Amount must be no more than {_LARGEST_AMOUNT}", "amount_too_large")
        return amount

    def flag(self, name: str) -> bool:
        text = self.text(name) or "false"
        if text not in _FLAGS:
            raise invalid_parameter(name, f"Invalid boolean: {text}", "parameter_invalid")
        return _FLAGS[text]

    def tree(self, name: str) -> dict[str, Any]:
        value = self._tree.pop(name, {})
        if not isinstance(value, dict):
            raise invalid_parameter(name, "Invalid object", "parameter_invalid")
        return value

    def texts(self, name: str) -> list[str]:
        return [str(value) for value in self.tree(name).values()]

    def with_text(self, name: str, value: str) -> "Parameters":
        """The same with one more, as a path that names a parent object means it."""
        self._tree[name] = value
        return self

    def ignore(self, *names: str) -> None:
        """Accepts what Stripe knows and what changes nothing here."""
        for name in names:
            self._tree.pop(name, None)

    def finish(self) -> None:
        for name in self._tree:
            raise invalid_parameter(name, f"Received unknown parameter: {name}", "parameter_unknown")
