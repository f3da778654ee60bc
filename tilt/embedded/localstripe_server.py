"""Runs localstripe as the mesh needs it.

It is on 127.0.0.1 unless told else, with its objects in a file of ours, and its webhook known at once.

Left to itself it listens on all addresses, keeps one file in /tmp for all that run on the machine, writes
that file anew at each change of each object, walks all objects to list some, forgets its webhooks when it
stops, charges cards that Stripe declines, captures and gives back what is not there, and knows neither
idempotency keys nor lists since a time.
"""

import argparse
import asyncio
import contextlib
import os
import pickle
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import web
from localstripe.errors import UserError
from localstripe.resources import List, PaymentMethod, Store, StripeObject, store
from localstripe.server import app
from localstripe.webhooks import register_webhook

from tilt.embedded.localstripe_rules import (
    IdempotencyKeys,
    list_no_disputes,
    list_refunds_of_a_time,
    refuse_captures_of_nothing,
    refuse_refunds_of_nothing,
    renew_cards,
)

# Writing is writing everything: a tenth of a second for some thousand payments, in which nobody is answered.
CALM_SECONDS = 0.2
LATEST_SECONDS = 10.0

# Where idempotency keys stand in the file, beside objects, whose names are of another form.
_KEYS = "idempotency keys"


class Saver:
    """Writes the store to its file as soon as nothing changes for a moment, or after some seconds of changes."""

    def __init__(self, file: Path, keys: IdempotencyKeys) -> None:
        self.file = file
        self.keys = keys
        self.changed = asyncio.Event()

    def load(self) -> None:
        if self.file.exists():
            saved = pickle.loads(self.file.read_bytes())  # noqa: S301 - written by this very program
            self.keys.restore(saved.pop(_KEYS, {}))
            for key, value in saved.items():
                store[key] = value
            self.changed.clear()

    def save(self) -> None:
        self.changed.clear()
        unfinished = self.file.with_suffix(".new")
        saved = {**store, _KEYS: self.keys.finished()}
        unfinished.write_bytes(pickle.dumps(saved, protocol=pickle.HIGHEST_PROTOCOL))
        unfinished.replace(self.file)

    async def save_changes(self) -> None:
        while True:
            await self.changed.wait()
            await self._calm()
            self.save()

    async def _calm(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LATEST_SECONDS):
                while self.changed.is_set():
                    self.changed.clear()
                    await asyncio.sleep(CALM_SECONDS)

    async def while_serving(self, _: web.Application) -> AsyncIterator[None]:
        self.load()
        task = asyncio.create_task(self.save_changes())
        yield
        task.cancel()
        self.save()


def decline_as_stripe_does() -> None:
    """Cards such as 4000000000000002 are declined whenever they are used.

    Localstripe declines them only when they are attached.
    """
    declined_when_charged = PaymentMethod._charging_is_declined
    declined: Any = lambda method: declined_when_charged(method) or method._attaching_is_declined()  # noqa: E731
    PaymentMethod._charging_is_declined = declined


def keep_objects_by_type() -> None:
    """Lists objects of one type without walking all of them.

    Localstripe does that for the refunds of each charge it shows.
    """
    put, remove = Store.__setitem__, Store.__delitem__
    shelves: defaultdict[str, dict[str, StripeObject]] = defaultdict(dict)

    def put_on_shelf(all_objects: Store, key: str, value: StripeObject) -> None:
        put(all_objects, key, value)
        shelves[key.partition(":")[0]][key] = value

    def take_from_shelf(all_objects: Store, key: str) -> None:
        remove(all_objects, key)
        del shelves[key.partition(":")[0]][key]

    def list_shelf(
        cls: type[StripeObject],
        url: str,
        limit: object = None,
        starting_after: object = None,
        created: Any = None,
        **unknown: object,
    ) -> List:
        if unknown:
            raise UserError(400, "Unexpected " + ", ".join(unknown))
        page = List(url, limit=limit, starting_after=starting_after)
        since = int(created["gte"]) if created else 0
        page._list = [each for each in shelves[cls.object].values() if each.created >= since]
        return page

    lister: Any = list_shelf
    replaced: Any = {"__setitem__": put_on_shelf, "__delitem__": take_from_shelf}
    for name, method in replaced.items():
        setattr(Store, name, method)
    StripeObject._api_list_all = classmethod(lister)


def main() -> None:
    """Serve until SIGTERM."""
    arguments = parse_arguments()
    decline_as_stripe_does()
    keep_objects_by_type()
    list_refunds_of_a_time()
    renew_cards()
    keys = IdempotencyKeys()
    saver = Saver(arguments.file, keys)
    changed: Any = lambda _: saver.changed.set()  # noqa: E731
    Store.dump_to_disk = changed
    app.cleanup_ctx.append(saver.while_serving)
    app.middlewares.insert(0, keys.middleware())
    app.middlewares.extend((refuse_captures_of_nothing, refuse_refunds_of_nothing, list_no_disputes))
    if arguments.webhook_url:
        register_webhook("mercato", arguments.webhook_url, os.environ["STRIPE_WEBHOOK_SECRET"], None)
    web.run_app(app, host=arguments.host, port=arguments.port, access_log=None, loop=uvloop.new_event_loop())


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--webhook-url")
    return parser.parse_args()


if __name__ == "__main__":
    main()
