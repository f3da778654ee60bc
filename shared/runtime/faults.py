"""Fault points: places at which a test has a process die, freeze or fail, to prove that nothing is lost or done twice.

They are off unless the environment variable ``FAULT_POINTS`` is set:
``orders.RESERVE.before=kill,payments.REFUND.after=fail``; and a process that has it does not start unless
``MERCATO_ENVIRONMENT`` says ``test`` or ``development``: without that variable, as in every manifest of ours, it is in
production. A point is named ``<subgraph>.<STEP>.<before|after|recorded>``; its action is one of

- ``kill``: SIGKILL to the process itself,
- ``stop``: SIGSTOP to the process itself, which goes on after a SIGCONT,
- ``fail``: ``Unavailable`` is raised.

Each point acts once: it makes the file ``<FAULT_ONCE_DIRECTORY>/<point>`` first, and does nothing where that file is.
So a process that is started again passes the point, and of two replicas one is hit.
"""

import logging
import os
import re
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from shared.errors import Unavailable
from shared.runtime.exits import EXIT_CONFIGURATION

logger = logging.getLogger(__name__)

POINTS_VARIABLE = "FAULT_POINTS"
DIRECTORY_VARIABLE = "FAULT_ONCE_DIRECTORY"
ENVIRONMENT_VARIABLE = "MERCATO_ENVIRONMENT"
_POINT = re.compile(r"[a-z]+\.[A-Z_]+\.(before|after|recorded)")

FaultPoint = Callable[[str], Awaitable[None]]


class Environment(StrEnum):
    """Where a process runs; without ``MERCATO_ENVIRONMENT``, where customers are."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"


class FaultAction(StrEnum):
    """What happens at a point."""

    KILL = "kill"
    STOP = "stop"
    FAIL = "fail"


def parse_fault_points(text: str) -> dict[str, FaultAction]:
    """Reads ``point=action`` pairs, parted by commas.

    Raises:
        ValueError: naming the pair that is malformed or has an unknown action.
    """
    return dict(_parse_pair(pair.strip()) for pair in text.split(","))


def _parse_pair(pair: str) -> tuple[str, FaultAction]:
    point, _, action = pair.partition("=")
    if not _POINT.fullmatch(point):
        raise ValueError(f"'{pair}' is not <subgraph>.<STEP>.<before|after|recorded>=<action>")
    try:
        return point, FaultAction(action)
    except ValueError:
        raise ValueError(f"'{pair}': an action is one of {', '.join(FaultAction)}") from None


def armed(actions: Mapping[str, FaultAction], once: Path) -> FaultPoint:
    """A ``fault_point`` that acts at these points, each once for its file in the folder ``once``."""

    async def act(name: str) -> None:
        action = actions.get(name)
        if action is not None and _is_first(once / name):
            logger.warning("fault point %s: %s", name, action)
            _act(name, action)

    return act


def _act(name: str, action: FaultAction) -> None:
    match action:
        case FaultAction.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case FaultAction.STOP:
            os.kill(os.getpid(), signal.SIGSTOP)
        case FaultAction.FAIL:
            raise Unavailable(f"The fault point {name} fails.")


def _is_first(file: Path) -> bool:
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    return True


async def _pass(name: str) -> None:
    """What a point does in every process but a test's."""


def _environment() -> Environment:
    text = os.environ.get(ENVIRONMENT_VARIABLE) or Environment.PRODUCTION
    try:
        return Environment(text)
    except ValueError:
        _reject(ENVIRONMENT_VARIABLE, f"'{text}' is none of {', '.join(Environment)}")


def _from_environment() -> FaultPoint:
    environment, text = _environment(), os.environ.get(POINTS_VARIABLE, "")
    if not text:
        return _pass
    if environment is Environment.PRODUCTION:
        _reject(
            POINTS_VARIABLE,
            f"kills processes, and is for tests: set {ENVIRONMENT_VARIABLE}=test too, where no customers are",
        )
    folder = Path(os.environ.get(DIRECTORY_VARIABLE, ""))
    if DIRECTORY_VARIABLE not in os.environ or not folder.is_dir():
        _reject(DIRECTORY_VARIABLE, f"must name a folder when {POINTS_VARIABLE} is set")
    try:
        return armed(parse_fault_points(text), folder)
    except ValueError as error:
        _reject(POINTS_VARIABLE, str(error))


def _reject(variable: str, problem: str) -> NoReturn:
    print(f"setting {variable}: {problem}", file=sys.stderr)
    raise SystemExit(EXIT_CONFIGURATION)


_point: FaultPoint = _pass


def arm_fault_points() -> None:
    """Has this process die, freeze or fail where its environment says so.

    A mistake in that, or points in production, end the process with one line and status 78.
    """
    global _point
    _point = _from_environment()


async def fault_point(name: str) -> None:
    """Dies, freezes or fails here if a test asked for it, as ``await fault_point("orders.RESERVE.before")``.

    Raises:
        Unavailable: when the point's action is ``fail``.
    """
    await _point(name)
