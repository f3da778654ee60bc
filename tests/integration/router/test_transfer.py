"""How answers and the page for people travel: compressed, kept by browsers, with leave to do only what they need."""

import base64
import gzip
import hashlib
import re
import subprocess

import httpx
import pytest

from tests.integration.router.processes import Router

LISTING = {
    "query": """{ products(first: 50) { nodes {
        id slug title description variants { id sku title price { amount currency } } } } }"""
}
PAGE = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

ENCODINGS = {
    "br": "br",
    "gzip": "gzip",
    "gzip, deflate, br": "br",
    "gzip;q=1.0, br;q=0.5": "gzip",
    "br;q=0, gzip": "gzip",
    "*": "br",
    "identity": None,
    "br;q=0, gzip;q=0": None,
    "*;q=0": None,
    "nonsense": None,
    "": None,
}


async def raw_answer(router: Router, encoding: str, body: object = LISTING) -> tuple[httpx.Response, bytes]:
    """The answer, and its bytes as they came."""
    async with router.http.stream("POST", "/graphql", json=body, headers={"accept-encoding": encoding}) as response:
        return response, b"".join([chunk async for chunk in response.aiter_raw()])


@pytest.mark.parametrize("accepted", ENCODINGS, ids=lambda accepted: accepted or "nothing")
async def test_an_answer_is_compressed_as_the_client_likes_best(router: Router, accepted: str) -> None:
    plain = (await raw_answer(router, "identity"))[1]
    response, content = await raw_answer(router, accepted)
    assert response.headers.get("content-encoding") == ENCODINGS[accepted]
    assert "accept-encoding" in response.headers["vary"]
    assert unpacked(content, ENCODINGS[accepted]) == plain
    if ENCODINGS[accepted]:
        assert len(content) < len(plain) / 3


def unpacked(content: bytes, encoding: str | None) -> bytes:
    """Node knows br; Python's standard library does not."""
    if encoding == "br":
        program = "process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync(0)))"
        return subprocess.run(["node", "-e", program], input=content, capture_output=True, check=True).stdout
    return gzip.decompress(content) if encoding == "gzip" else content


async def test_a_small_answer_is_not_worth_compressing(router: Router) -> None:
    response, content = await raw_answer(router, "br, gzip", {"query": "{ __typename }"})
    assert "content-encoding" not in response.headers
    assert content == b'{"data":{"__typename":"Query"}}'


async def test_a_large_refusal_is_compressed_too(router: Router) -> None:
    query = {"query": "{ " + " ".join(f"{'f' * 80}{n}" for n in range(100)) + " }"}
    response, content = await raw_answer(router, "gzip", query)
    assert b"errors" in (gzip.decompress(content) if "content-encoding" in response.headers else content)


async def test_the_page_for_people_is_sent_once(node_router: Router) -> None:
    page = await node_router.http.get("/graphql", headers=PAGE)
    assert page.status_code == 200
    assert page.headers["content-encoding"] in ("br", "gzip")
    assert page.headers["cache-control"] == "no-cache"
    again = await node_router.http.get("/graphql", headers={**PAGE, "if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", page.headers["etag"])


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
async def test_the_page_for_people_is_the_same_however_it_is_sent(node_router: Router, encoding: str) -> None:
    headers = {**PAGE, "accept-encoding": encoding}
    async with node_router.http.stream("GET", "/graphql", headers=headers) as response:
        content = b"".join([chunk async for chunk in response.aiter_raw()])
    assert response.headers.get("content-encoding") == (None if encoding == "identity" else encoding)
    page = unpacked(content, response.headers.get("content-encoding"))
    assert page == (await node_router.http.get("/graphql", headers=PAGE)).content


async def test_the_page_for_people_is_not_unpacked_for_who_names_no_encoding(node_router: Router) -> None:
    request = node_router.http.build_request("GET", "/graphql", headers=PAGE)
    del request.headers["accept-encoding"]
    page = await node_router.http.send(request)
    assert page.headers["content-encoding"] == "gzip"


async def test_the_page_for_people_may_run_its_own_script_alone(node_router: Router) -> None:
    page = await node_router.http.get("/graphql", headers=PAGE)
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    scripts = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert policy["script-src"] == " ".join(f"'sha256-{digest}'" for digest in digests)
    assert {policy[name] for name in ("default-src", "frame-ancestors", "base-uri", "form-action")} == {"'none'"}
    assert policy["connect-src"] == "'self'"
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_the_page_for_people_keeps_no_tokens(node_router: Router) -> None:
    page = await node_router.http.get("/graphql", headers=PAGE)
    assert '"shouldPersistHeaders":false' in page.text[-20_000:]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/html;q=0.5"])
async def test_programs_do_not_get_the_page(router: Router, accept: str) -> None:
    response = await router.http.get("/graphql", params={"query": "{ __typename }"}, headers={"accept": accept})
    assert response.json() == {"data": {"__typename": "Query"}}
