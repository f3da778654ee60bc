"""One rule for every text that people type, whatever field of whichever subgraph it is for.

A text is kept as it was typed, without the white space around it. It is one line of assigned characters, of which at
least one can be seen; its length is counted in code points. Nothing is normalised: people's names are spelled as they
spell them, and what is compared (e-mail addresses, keys) is compared as it is. Joiners and marks of direction are parts
of some scripts' words and stay.
"""

import unicodedata

LONGEST_FOREIGN_ID = 255

# The property White_Space of Unicode. ``str.strip`` takes four control characters for blanks too.
_WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# Control characters, breaks of lines and paragraphs, halves of surrogate pairs, private use,
# and what Unicode has not assigned.
_REJECTED = frozenset({"Cc", "Zl", "Zp", "Cs", "Co", "Cn"})
_SEEN = frozenset("LNPS")  # the first letters of the categories of what has a glyph of its own
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a symbol without any


def trimmed(text: str) -> str:
    """A text without the white space around it."""
    return text.strip(_WHITE_SPACE)


def optional_text(text: str | None) -> str | None:
    """An optional text, trimmed; None when it was left out, which is what one of nothing but white space counts as."""
    return (trimmed(text) or None) if text is not None else None


def text_mistake(label: str, text: str, longest: int) -> str | None:
    """What is wrong with a trimmed text and how to mend it; None when nothing is.

    It is a sentence that begins with ``label``.
    """
    bounds = f"1 to {longest} characters"
    if not text:
        return f"{label} is empty; enter {bounds}."
    if len(text) > longest:
        return f"{label} has {len(text)} characters; enter {bounds}."
    rejected = (
        None if text.isprintable() else next((each for each in text if unicodedata.category(each) in _REJECTED), None)
    )
    if rejected is not None:
        others = "without line breaks, control characters and unassigned ones"
        return f"{label} has the character U+{ord(rejected):04X}; enter {bounds} {others}."
    return (
        None
        if can_be_seen(text)
        else f"{label} has no character that can be seen; enter {bounds}, one of them visible."
    )


def foreign_id_mistake(label: str, text: str) -> str | None:
    """The same for a trimmed id that another system made: visible ASCII characters without spaces."""
    if 1 <= len(text) <= LONGEST_FOREIGN_ID and text.isascii() and text.isprintable() and " " not in text:
        return None
    return (
        f"{label} has 1 to {LONGEST_FOREIGN_ID} printable ASCII characters and no spaces;"
        " send what its provider gave you."
    )


def can_be_seen(text: str) -> bool:
    """Whether a text has a character with a glyph of its own: white space and what is invisible have none."""
    return any(unicodedata.category(each)[0] in _SEEN and each not in _FILLERS for each in text)
