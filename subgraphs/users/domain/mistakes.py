"""Collects what is wrong with an input, so that its sender learns of all of it at once."""

from shared.errors import UserError, UserErrors
from shared.text import optional_text, text_mistake, trimmed

INVALID = "INVALID"


class Mistakes:
    """The mistakes found so far."""

    def __init__(self) -> None:
        self._errors: list[UserError] = []

    def add(self, message: str, *field: str) -> None:
        """Notes a mistake in a field."""
        self._errors.append(UserError(INVALID, message, field))

    def refuse(self) -> None:
        """Raises UserErrors when there are mistakes."""
        if self._errors:
            raise UserErrors(*self._errors)

    def required_line(self, label: str, text: str, longest: int, *field: str) -> str:
        """A line of text that must not be empty, by the rule of ``shared.text``."""
        line = trimmed(text)
        mistake = text_mistake(label, line, longest)
        if mistake is not None:
            self.add(mistake, *field)
        return line

    def optional_line(self, label: str, text: str | None, longest: int, *field: str) -> str | None:
        """The same; None when it is left out."""
        line = optional_text(text)
        return None if line is None else self.required_line(label, line, longest, *field)
