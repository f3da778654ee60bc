"""The demonstration's hands: GraphQL through the router, the mailbox, and inventory's development command."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tilt.embedded.demo.narration import Narrator
from tilt.embedded.demo.target import Target

DOCUMENTS = Path("schema/operations/demo")
PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.1

Found = TypeVar("Found")


class DemoError(Exception):
    """Something did not happen as the demonstration promises."""


class Shop:
    """Everything that a visitor of the shop can do, told as it is done."""

    def __init__(self, target: Target, narrator: Narrator) -> None:
        self._router = httpx.Client(base_url=target.router_url, timeout=15)
        self._mailbox = httpx.Client(base_url=target.mailbox_url, timeout=15)
        self._inventory = target.subgraph_command("inventory")
        self._environment = target.environment
        self._narrator = narrator

    def ask(self, document: str, variables: Mapping[str, Any], token: str | None = None) -> dict[str, Any]:
        """Sends an operation, telling it and its answer."""
        text = (DOCUMENTS / f"{document}.graphql").read_text()
        self._narrator.sends(text, variables, authenticated=token is not None)
        data = self.ask_quietly(document, variables, token)
        self._narrator.receives(data)
        return data

    def ask_quietly(self, document: str, variables: Mapping[str, Any], token: str | None = None) -> dict[str, Any]:
        """Sends an operation whose text was told before.

        Raises:
            DemoError: when the router can't be reached or answers a GraphQL error.
        """
        text = (DOCUMENTS / f"{document}.graphql").read_text()
        headers = {"authorization": f"Bearer {token}"} if token else {}
        try:
            response = self._router.post(
                "/graphql", json={"query": text, "variables": dict(variables)}, headers=headers
            )
        except httpx.TransportError as error:
            raise DemoError(
                f"the router at {self._router.base_url} can't be reached: is `make up` running? ({error})"
            ) from error
        answer: dict[str, Any] = response.json()
        if answer.get("errors"):
            raise DemoError(f"{document}: {answer['errors'][0]['message']}")
        data: dict[str, Any] = answer["data"]
        return data

    def payload(self, document: str, variables: Mapping[str, Any], token: str | None = None) -> dict[str, Any]:
        """Sends a mutation and answers its payload, which must hold no errors."""
        (answer,) = self.ask(document, variables, token).values()
        if answer["errors"]:
            raise DemoError(f"{document}: {answer['errors'][0]['message']}")
        payload: dict[str, Any] = answer
        return payload

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """What lies in the mailbox for an address, whole."""
        found = self._mailbox.get("/messages", params={"to": address}).json()
        return [self._mailbox.get(f"/messages/{mail['id']}").json() for mail in found]

    def set_stock(self, variant_id: str, available: int) -> None:
        """Puts a variant's stock to a number, with the command that inventory has for its developers."""
        command = [*self._inventory, "set-stock", "--variant", variant_id, "--available", str(available)]
        self._narrator.runs(" ".join(["python" if word == sys.executable else word for word in command]))
        done = subprocess.run(  # noqa: S603 - our own program, or what whoever runs the demonstration names
            command, env={**os.environ, **self._environment}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DemoError(f"inventory's set-stock failed: {done.stdout}{done.stderr}".strip())


def eventually(look: Callable[[], Found | None], what: str) -> Found:
    """What ``look`` finds, asked again and again.

    Raises:
        DemoError: naming ``what`` when it is not found in time.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(_PAUSE_SECONDS)
    raise DemoError(f"{what} did not happen within {PATIENCE_SECONDS:.0f} s")


def expect(condition: object, what: str) -> None:
    """Goes on only if a promise is kept.

    Raises:
        DemoError: naming the promise.
    """
    if not condition:
        raise DemoError(what)
