"""Collects what is wrong with an input, so that its sender learns of all of it at once."""

import unicodedata

from shared.errors import UserError, UserErrors

INVALID = "INVALID"
_CONTROL_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, line and paragraph separators


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
        """A line of text that must not be empty, without the blanks around it."""
        line = self._line(label, text, longest, field)
        if not line:
            self.add(f"{label} is empty; it needs 1 to {longest} characters.", *field)
        return line

    def optional_line(self, label: str, text: str | None, longest: int, *field: str) -> str | None:
        """A line of text without the blanks around it; None when it is empty."""
        return self._line(label, text or "", longest, field) or None

    def _line(self, label: str, text: str, longest: int, field: tuple[str, ...]) -> str:
        line = text.strip()
        if len(line) > longest:
            self.add(f"{label} has {len(line)} characters; shorten it to at most {longest}.", *field)
            return line  # nobody looks at each character of what is refused anyway
        if any(unicodedata.category(character) in _CONTROL_CATEGORIES for character in line):
            self.add(f"{label} has line breaks or control characters; remove them.", *field)
        return line
