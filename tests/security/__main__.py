"""``python -m tests.security [--router node] [--targets node users ...]
[--kinds documents ...] [--only WORDS] [--thorough]``

Sends the hostile requests to a mesh of its own and prints what each that is not as it should be has cost.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.backends import Backends
from tests.integration.router.processes import HIVE, NODE
from tests.security.besieged import Besieged, besieged
from tests.security.hostile import OF_EVERYBODY, OF_SUBGRAPHS, corpus

KINDS = {kind.name: kind for kind in (NODE, HIVE)}


async def main(arguments: argparse.Namespace) -> None:
    """Starts, sends and prints."""
    with tempfile.TemporaryDirectory(prefix="mercato-security-") as folder:
        backends = Backends(Path(folder))
        logs = Path(folder) / "said"
        logs.mkdir()
        try:
            async with besieged(backends, KINDS[arguments.router], logs) as everything:
                for target in arguments.targets or [arguments.router]:
                    await _attack(everything, target, arguments)
        finally:
            await backends.stop()


async def _attack(everything: Besieged, name: str, arguments: argparse.Namespace) -> None:
    if name in KINDS and name != everything.kind.name:
        await everything.exchange_router(KINDS[name])
    ground = await everything.ground(name)
    for kind in arguments.kinds or (OF_EVERYBODY if name in KINDS else (*OF_EVERYBODY, *OF_SUBGRAPHS)):
        cases = [case for case in corpus(ground, kind, arguments.thorough) if arguments.only in case.name]
        print(f"\n## {name}: {kind}, {len(cases)} cases", flush=True)
        for case in cases[arguments.first :: arguments.step]:
            outcome = await everything.withstands(name, case)
            if outcome.complaints() or arguments.all:
                print(f"- {outcome.told()}", flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.security", description=__doc__)
    parser.add_argument("--router", choices=sorted(KINDS), default="node")
    parser.add_argument("--targets", nargs="+", default=[])
    parser.add_argument("--kinds", nargs="+", default=[])
    parser.add_argument("--only", default="", help="cases whose names have these words")
    parser.add_argument("--first", type=int, default=0, help="which case to begin with")
    parser.add_argument("--step", type=int, default=1, help="one case of so many")
    parser.add_argument("--thorough", action="store_true", help="every value at every place")
    parser.add_argument("--all", action="store_true", help="cases that are as they should be too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(arguments())))
