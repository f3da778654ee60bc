"""What others typed, as messages show it."""

import re

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")


def one_line(text: str) -> str:
    """A text without line breaks and control characters: what others typed begins no header or paragraph of ours."""
    return _BREAKS.sub(" ", text).strip()
