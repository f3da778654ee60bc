"""When two names of a place are the same."""

import unicodedata


def folded(name: str) -> str:
    """A name without regard to case, accents, dots and spaces: people leave them out, of Turkish i's too."""
    letters = unicodedata.normalize("NFKD", name.casefold()).replace("\u0131", "i")
    return "".join(letter for letter in letters if letter.isalnum())
