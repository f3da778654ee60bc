"""The commands behind the Makefile.

``python -m tilt.embedded up | down | restart | reset | logs | seed | memory | environment``
"""

import os
import signal
import sys
from types import FrameType

from tilt.embedded.errors import MeshError

EXIT_INTERRUPTED = 130


def interrupted(*_: "int | FrameType | None") -> None:
    """Ctrl-C before there is anything to stop: no stack, one line."""
    os.write(2, b"mercato: stopped before anything was started.\n")
    os._exit(EXIT_INTERRUPTED)


def main() -> None:
    """Run a command; what it cannot do it says in one line."""
    signal.signal(signal.SIGINT, interrupted)  # half a second of imports follows
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # the Makefile holds it back until now
    try:
        from tilt.embedded.command_line import parse_arguments, run
    except MeshError as error:
        sys.exit(f"mercato: {error}")  # a manifest of a subgraph that can't be read

    arguments = parse_arguments()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run(arguments)
    except KeyboardInterrupt:
        print("mercato: stopped.", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        os._exit(0)  # `make logs | head`


if __name__ == "__main__":
    main()
