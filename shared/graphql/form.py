"""The input of a mutation, field by field: all mistakes are told at once, each with the field that it is in."""

from collections.abc import Callable
from uuid import UUID

from shared.errors import UserError, UserErrors
from shared.ids import try_parse_id
from shared.text import optional_text, text_mistake, trimmed

_NO_ID = UUID(int=0)


class Form:
    """Reads fields, and collects the mistakes in them: what is read is only good once ``check`` has passed.

    ``invalid`` is the code of a text that is empty, too long or holds what no text may.
    """

    def __init__(self, invalid: str) -> None:
        self._invalid = invalid
        self._mistakes: list[UserError] = []

    def check(self) -> None:
        """Passes when everything could be read. Raises UserErrors."""
        if self._mistakes:
            raise UserErrors(*self._mistakes)

    def note(self, mistake: UserError | None) -> None:
        """Adds a mistake, if it is one."""
        if mistake is not None:
            self._mistakes.append(mistake)

    def reject(self, message: str, *field: str) -> None:
        """Notes that a field is not what it has to be."""
        self.note(UserError(self._invalid, message, field))

    def is_good_at(self, *place: str) -> bool:
        """Whether no mistake was noted in a field, or in what it holds."""
        return not any(mistake.field and mistake.field[: len(place)] == place for mistake in self._mistakes)

    def id(self, typed: str, mistake: Callable[[], UserError]) -> UUID:
        """An id; what can't be one is of nothing that there is."""
        found = try_parse_id(typed)
        if found is None:
            self.note(mistake())
        return found or _NO_ID

    def text(self, typed: str, label: str, longest: int, *field: str) -> str:
        """A text of 1 to ``longest`` characters."""
        text = trimmed(typed)
        message = text_mistake(label, text, longest)
        if message is not None:
            self.note(UserError(self._invalid, message, field))
        return text

    def optional_text(self, typed: str | None, label: str, longest: int, *field: str) -> str | None:
        """The same, or None for one that was left out."""
        text = optional_text(typed)
        return None if text is None else self.text(text, label, longest, *field)
