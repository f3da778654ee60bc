"""Runs localstripe as the mesh needs it: on 127.0.0.1 only, its objects in a file of ours, its webhook known at once.

Left to itself it listens on all addresses, keeps one file in /tmp for all that run on the machine, writes that file
anew at each change of each object, forgets its webhooks when it stops, and charges cards that Stripe declines.
"""

import argparse
import asyncio
import os
import pickle
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import web
from localstripe.resources import PaymentMethod, Store, store
from localstripe.server import app
from localstripe.webhooks import register_webhook

SAVE_SECONDS = 0.2


class Saver:
    """Writes the store to its file soon after a change, and leaves nine tenths of the time to serving."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.changed = asyncio.Event()

    def load(self) -> None:
        if self.file.exists():
            store.update(pickle.loads(self.file.read_bytes()))  # noqa: S301 - written by this very program
            self.changed.clear()

    def save(self) -> None:
        self.changed.clear()
        unfinished = self.file.with_suffix(".new")
        unfinished.write_bytes(pickle.dumps(dict(store), protocol=pickle.HIGHEST_PROTOCOL))
        unfinished.replace(self.file)

    async def save_changes(self) -> None:
        while True:
            await self.changed.wait()
            started = time.monotonic()
            self.save()
            await asyncio.sleep(max(SAVE_SECONDS, 9 * (time.monotonic() - started)))

    async def while_serving(self, _: web.Application) -> AsyncIterator[None]:
        self.load()
        task = asyncio.create_task(self.save_changes())
        yield
        task.cancel()
        self.save()


def decline_as_stripe_does() -> None:
    """Cards such as 4000000000000002 are declined whenever they are used; localstripe declines them only when they are attached."""
    declined_when_charged = PaymentMethod._charging_is_declined
    declined: Any = lambda method: declined_when_charged(method) or method._attaching_is_declined()  # noqa: E731
    PaymentMethod._charging_is_declined = declined


def main() -> None:
    """Serve until SIGTERM."""
    arguments = parse_arguments()
    decline_as_stripe_does()
    saver = Saver(arguments.file)
    changed: Any = lambda _: saver.changed.set()  # noqa: E731
    Store.dump_to_disk = changed
    app.cleanup_ctx.append(saver.while_serving)
    if arguments.webhook_url:
        register_webhook("mercato", arguments.webhook_url, os.environ["STRIPE_WEBHOOK_SECRET"], None)
    web.run_app(app, host="127.0.0.1", port=arguments.port, access_log=None)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--webhook-url")
    return parser.parse_args()


if __name__ == "__main__":
    main()
