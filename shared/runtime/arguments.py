"""What is typed after a command: plain numbers within bounds, and text.

A mistake ends the process with status 2 and a line that names the option.
"""

import argparse
import re
from collections.abc import Callable, Sequence

_WHOLE = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MOST_DIGITS = 20  # more than any bound has
_LONGEST_SHOWN = 50


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """A type of argparse: a whole number in plain digits.

    It has no sign, blanks, underscores or other scripts' digits.
    """

    def read(text: str) -> int:
        number = int(text) if _WHOLE.fullmatch(text) and len(text) <= _MOST_DIGITS else None
        if number is None or not lowest <= number <= highest:
            raise _mistake(text, "a whole number", lowest, highest)
        return number

    return read


def decimal(lowest: float, highest: float) -> Callable[[str], float]:
    """The same with a fraction, such as 0.5."""

    def read(text: str) -> float:
        number = float(text) if _DECIMAL.fullmatch(text) and len(text) <= _MOST_DIGITS else None
        if number is None or not lowest <= number <= highest:
            raise _mistake(text, "a number", lowest, highest)
        return number

    return read


def require_text(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """Ends the process when one of the arguments has bytes that are no text."""
    for number, argument in enumerate(arguments, 1):
        if not _is_text(argument):
            parser.error(f"argument {number} is no text in UTF-8: {argument[:_LONGEST_SHOWN]!a}")


def _is_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True


def _mistake(text: str, kind: str, lowest: float, highest: float) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(
        f"{text[:_LONGEST_SHOWN]!a} is not {kind} in plain digits from {lowest} to {highest}"
    )
