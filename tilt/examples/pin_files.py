"""The files with the pins of a slice: checked before anything is started, read again when they were saved."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from tilt.examples.contract import read_contract
from tilt.examples.events import check_events
from tilt.examples.pin_checks import check_pins
from tilt.examples.pins import PinError, Pins, read_pins

logger = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS = 0.2


def read_checked(files: Sequence[Path]) -> Pins:
    """The pins of files, held against all contracts of the tree.

    Raises:
        PinError: naming the file and the key that can't be so.
    """
    from tilt.embedded.subgraphs import SUBGRAPHS  # which reads all manifests, and is needed after a change only

    pins = read_pins(files)
    if pins.fields:
        check_pins(pins, [read_contract(name) for name in SUBGRAPHS])
    check_events(pins.events)
    return pins


class PinFiles:
    """The latest pins that can be so; what is wrong with later ones is told in the log."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._saved = self._moments()
        self._pins = read_pins(files)
        self._looked = time.monotonic()
        self._mistake: PinError | None = None

    async def require_right(self) -> None:
        """Returns when the files, as they are now, are what is answered.

        Raises:
            PinError: what is wrong with them.
        """
        self.current()
        if self._mistake is not None:
            raise self._mistake

    def current(self) -> Pins:
        """The pins as the files have them now."""
        if time.monotonic() - self._looked > _LOOK_AGAIN_SECONDS:
            self._looked = time.monotonic()
            self._read_if_saved()
        return self._pins

    def _read_if_saved(self) -> None:
        moments = self._moments()
        if moments == self._saved:
            return
        self._saved, self._mistake = moments, None
        try:
            self._pins = read_checked(self._files)
            logger.info("pins were read again")
        except PinError as error:
            self._mistake = error
            logger.warning("pins stay as they were: %s", error)

    def _moments(self) -> list[float]:
        return [file.stat().st_mtime if file.exists() else 0.0 for file in self._files]
