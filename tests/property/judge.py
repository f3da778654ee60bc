"""Asks a router for a document in all its forms, and the oracle what is right."""

import asyncio
import contextlib
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx
from hypothesis import reject

from tests.property.comparison import difference, introspected_keys
from tests.property.forms import merged, named_back, packed, renamed, strewn, unconditional
from tests.property.oracle import Oracle
from tests.property.request import Document
from tilt.embedded.subgraphs import SUBGRAPHS

TIMEOUT_SECONDS = 30


class Judge:
    """One router before one shop.

    It has an event loop of its own: hypothesis, which calls it, knows nothing of loops.
    """

    def __init__(self, router_url: str, environment: Mapping[str, str], tokens: Mapping[str, str | None]) -> None:
        self._runner = asyncio.Runner()
        self._clients = contextlib.AsyncExitStack()
        self._router = self._client(router_url)
        subgraphs = {name: self._client(environment[f"{name.upper()}_URL"]) for name in SUBGRAPHS}
        self._tokens = tokens
        self._oracles = {who: Oracle(subgraphs, environment["ROUTER_SECRET"], token) for who, token in tokens.items()}
        self._unanswered: list[Document] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._clients.aclose())
        self._runner.close()

    def assert_right(self, document: Document, who: str) -> None:
        """Asks for the document and each other form of it.

        Raises:
            AssertionError: one of the answers is not the oracle's, or the router did not answer.
        """
        self._runner.run(self._assert_right(document, who))

    async def _assert_right(self, document: Document, who: str) -> None:
        forms = {"itself": document, "renamed": renamed(document), "merged": merged(document)}
        forms |= {"unconditional": unconditional(document), "packed": packed(document), "strewn": strewn(document)}
        answers = [self._answer(form, who) for form in forms.values()]
        right, *given = await asyncio.gather(self._oracles[who].answer(document), *answers)
        if _is_too_dear_for_the_oracle(right):
            reject()
        for name, answer in zip(forms, given, strict=True):
            wrong = difference(
                right, named_back(answer) if name == "renamed" else answer, introspected_keys(document.text)
            )
            assert not wrong, f"{wrong}\n\n{name}, asked by {who}:\n{forms[name]}"

    async def _answer(self, document: Document, who: str) -> dict[str, Any]:
        token = self._tokens[who]
        headers = {"authorization": f"Bearer {token}"} if token else {}
        try:
            response = await self._router.post("/graphql", json=document.request(), headers=headers)
        except httpx.TransportError as error:
            # A router that has died answers nothing any more; what it died of is the first.
            self._unanswered.append(document)
            raise AssertionError(f"no answer: {error!r} to\n{document}\n\nfirst to\n{self._unanswered[0]}") from error
        assert response.status_code == 200, f"status {response.status_code}: {response.text[:1000]}\n\n{document}"
        answer: dict[str, Any] = response.json()
        return answer

    def _client(self, url: str) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS)
        self._clients.push_async_callback(client.aclose)
        return client


def _is_too_dear_for_the_oracle(right: dict[str, Any]) -> bool:
    """Whether a subgraph refused to tell all of what a document asks a part of: then nobody knows what is right."""
    return any(error.get("extensions", {}).get("code") == "LIMIT_EXCEEDED" for error in right.get("errors", ()))
