"""docs/frontend/errors.md, line by line: both routers answer alike whatever is wrong."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.contract_cases import CASES, PLANTED
from tests.integration.router.contract_requests import PRODUCTS, Answer, Case, Request, Routers
from tests.integration.router.processes import REPOSITORY, Kind, Router, router_environment
from tests.integration.router.processes import router as running_router
from tests.subgraphs import eventually

MEDIA_TYPES = ("application/json", "application/graphql-response+json")


@dataclass(frozen=True)
class Line:
    """A line of the table: what happened, the code, the status for each media type, and what else is said."""

    what: str
    code: str | None
    statuses: tuple[int | None, ...]
    also: str

    @property
    def has_data(self) -> bool:
        return "`path`" in self.also


def read_lines() -> dict[str, Line]:
    text = (REPOSITORY / "docs" / "frontend" / "errors.md").read_text()
    rows = [line for line in text.partition("## The statuses")[2].splitlines() if line.startswith("|")][2:]
    return {line.what: line for line in map(read_line, rows)}


def read_line(row: str) -> Line:
    what, code, *statuses, also = (cell.strip() for cell in row.strip("|").split("|"))
    quoted = re.fullmatch(r"`(\w+)`", code)
    return Line(
        what, quoted[1] if quoted else None, tuple(int(status) if status else None for status in statuses), also
    )


LINES = read_lines()
EVERY_CASE = [(what, name) for what, cases in CASES.items() for name in cases]


@pytest.fixture(scope="module")
async def routers(kind: Kind, router: Router, doubles: Doubles, issuer: Issuer) -> AsyncIterator[Routers]:
    keyless = router_environment("http://127.0.0.1:9/jwks.json", doubles)
    narrow = router_environment(issuer.jwks_url, doubles) | {"ROUTER_CONNECTIONS_PER_CLIENT": "3"}
    async with running_router(kind, keyless) as no_keys, running_router(kind, narrow) as few_requests:
        yield Routers(router, no_keys, few_requests, issuer)


def test_every_line_of_the_table_has_a_case_and_every_case_a_line() -> None:
    assert list(LINES) == list(CASES)


@pytest.mark.parametrize(("what", "name"), EVERY_CASE, ids=[f"{what}: {name}" for what, name in EVERY_CASE])
async def test_a_client_is_answered_as_the_table_says(routers: Routers, what: str, name: str) -> None:
    line, case = LINES[what], CASES[what][name]
    asked = [(accept, status) for accept, status in zip(MEDIA_TYPES, line.statuses, strict=True) if status]
    if "unfinished" in what:  # These count against each other.
        answers = [await case(routers, accept) for accept, _ in asked]
    else:
        answers = await asyncio.gather(*(case(routers, accept) for accept, _ in asked))
    for (accept, status), answer in zip(asked, answers, strict=True):
        hold(line, case, answer, accept, status)


def hold(line: Line, case: Case, answer: Answer, accept: str, status: int) -> None:
    assert answer.status == status, answer.text
    hold_what_else_is_said(line, answer)
    if "may just be closed" in line.also:
        return  # Nobody need have read what the client accepts.
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "x-correlation-id, retry-after, www-authenticate"
    assert PLANTED not in answer.text
    hold_body(line, answer)
    if isinstance(case, Request):
        assert answer.headers["x-correlation-id"]


def hold_body(line: Line, answer: Answer) -> None:
    errors = answer.body.get("errors", [])
    assert ("data" in answer.body) == (line.has_data or "`data`" in line.also), answer.text
    assert errors or "data" in answer.body
    assert len(errors) <= 5
    assert all(error["message"] and len(error["message"]) <= 500 for error in errors)
    if line.code:
        assert {error["extensions"]["code"] for error in errors} == {line.code}, answer.text
    if line.has_data:
        assert all(error["path"] for error in errors), answer.text


def hold_what_else_is_said(line: Line, answer: Answer) -> None:
    """The table's own words: headers in full, and what the message has to have in it."""
    for name, value in re.findall(r"`([a-z-]+): ([^`]+)`", line.also):
        assert answer.headers.get(name) == value
    for word in re.findall(r"the message (?:names|is) `([^`]+)`", line.also):
        assert word in answer.body["errors"][0]["message"]
    if "no subscriptions" in line.also:
        assert "subscriptions" in answer.body["errors"][0]["message"]
    if "the connection closes" in line.also:
        assert answer.closes


ACCEPTED = {
    "*/*": MEDIA_TYPES[0],
    "": MEDIA_TYPES[0],
    "application/*": MEDIA_TYPES[0],
    "application/json; charset=utf-8": MEDIA_TYPES[0],
    "application/json;charset=UTF-8": MEDIA_TYPES[0],
    "Application/JSON": MEDIA_TYPES[0],
    "application/graphql-response+json; charset=utf-8": MEDIA_TYPES[1],
    "application/graphql-response+json, application/json;q=0.9": MEDIA_TYPES[1],
    "application/graphql-response+json;q=0.5, application/json;q=0.9": MEDIA_TYPES[0],
    "application/graphql-response+json;q=0, */*": MEDIA_TYPES[0],
    "application/json;q=0, */*": MEDIA_TYPES[1],
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream": MEDIA_TYPES[1],
    "text/plain, */*;q=0.1": MEDIA_TYPES[0],
}


@pytest.mark.parametrize("accept", ACCEPTED, ids=lambda accept: accept or "nothing")
async def test_the_accept_header_decides_between_the_media_types(router: Router, accept: str) -> None:
    answer = await Request({"query": "{ product"})(Routers(router, router, router, None), accept)  # type: ignore[arg-type]
    assert answer.headers["content-type"] == f"{ACCEPTED[accept]}; charset=utf-8"
    assert answer.status == (200 if ACCEPTED[accept] == MEDIA_TYPES[0] else 400)


async def test_a_correlation_id_of_the_client_comes_back_and_one_is_made_otherwise(router: Router) -> None:
    for document in (PRODUCTS, "{ product"):
        own = await router.http.post("/graphql", json={"query": document}, headers={"x-correlation-id": "mine-1"})
        assert own.headers["x-correlation-id"] == "mine-1"
        made = await router.http.post("/graphql", json={"query": document}, headers={"x-correlation-id": "not <one>"})
        assert re.fullmatch(r"[0-9a-f-]{36}", made.headers["x-correlation-id"])


async def test_a_client_that_ends_its_requests_may_ask_again(routers: Routers) -> None:
    await CASES["more unfinished requests of one client than it may have"]["a fourth"](routers, MEDIA_TYPES[0])

    async def answered() -> bool:
        with contextlib.suppress(
            httpx.TransportError
        ):  # as long as it has too many, its connections may just be closed
            return (await routers.narrow.http.post("/graphql", json={"query": PRODUCTS})).status_code == 200
        return False

    await eventually(answered, "the client may ask again")


async def test_a_query_with_its_hash_is_answered(router: Router) -> None:
    hashed = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    response = await router.http.post("/graphql", json={"query": PRODUCTS, "extensions": hashed})
    assert response.json() == {"data": {"products": {"nodes": [{"title": "Product 0"}]}}}


async def test_a_browser_may_ask_beforehand(router: Router) -> None:
    asked = {"origin": "https://shop.example", "access-control-request-method": "POST"}
    response = await router.http.options(
        "/graphql", headers={**asked, "access-control-request-headers": "authorization"}
    )
    assert response.status_code in (200, 204)
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "authorization" in response.headers["access-control-allow-headers"]
