"""``make bench``: measures the running mesh and prints what came out. A number alone fails nothing: machines differ."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from tests.load import bare_listing
from tests.load.checkout import checkout
from tests.load.federated import federated_listing
from tests.load.report import Row, show
from tilt.embedded.errors import MeshError
from tilt.embedded.running import settings_of_running_mesh
from tilt.embedded.settings import Settings, load_settings

Benchmark = Callable[[Settings], Awaitable[list[Row]]]


async def _federated(settings: Settings) -> list[Row]:
    return await federated_listing(settings.router_url)


async def _checkout(settings: Settings) -> list[Row]:
    return await checkout(settings)


async def _listing(settings: Settings) -> list[Row]:
    return await bare_listing.listing(settings)


BENCHMARKS: dict[str, Benchmark] = {"listing": _listing, "federated": _federated, "checkout": _checkout}


async def main() -> None:
    """Runs the benchmarks named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument(
        "benchmarks", nargs="*", metavar="BENCHMARK", help=f"{', '.join(BENCHMARKS)}; all when none is named"
    )
    chosen = parser.parse_args().benchmarks or list(BENCHMARKS)
    try:
        settings = settings_of_running_mesh(load_settings().mercato_data_dir)
    except MeshError as error:
        raise SystemExit(f"mercato: {error}") from None
    rows = [row for name in chosen for row in await BENCHMARKS[name](settings)]
    show(rows)


if __name__ == "__main__":
    asyncio.run(main())
