"""Runs Kafka once for Java to learn its classes: with that knowledge in a file, each start takes half the time.

`make install` does this after fetching the jars; without the file Kafka starts all the same, only slower.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tilt.embedded.backends.kafka import AHEAD_OF_TIME_CACHE, Kafka
from tilt.embedded.errors import MeshError
from tilt.embedded.ports import free_ports
from tilt.embedded.settings import load_settings

# Java writes what it learned when it ends, and takes seconds for it.
STOP_SECONDS = 120.0


async def train(jars: Path) -> None:
    """Start it, use it a little, stop it, keep what was learned."""
    learned = jars / AHEAD_OF_TIME_CACHE
    learned.unlink(missing_ok=True)
    unfinished = learned.with_suffix(".new")
    port, controller_port = free_ports(2)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        kafka = Kafka(port, controller_port, Path(folder) / "data", log, jars, (f"-XX:AOTCacheOutput={unfinished}",))
        kafka.process.stop_seconds = STOP_SECONDS
        await kafka.start()
        try:
            await kafka.wait_healthy()
            await kafka.create_topics(["training"])
        finally:
            await kafka.stop()
    if unfinished.exists():
        unfinished.replace(learned)


def main() -> None:
    """`python -m tilt.embedded.kafka.training`."""
    try:
        asyncio.run(train(load_settings().mercato_jars_dir))
    except MeshError as error:
        sys.exit(f"mercato: {error}")


if __name__ == "__main__":
    main()
