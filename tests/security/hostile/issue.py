"""The requests that once took the shop down, and their nearest kin: each is sent wherever it has a meaning."""

from collections.abc import Iterator

from tests.security.hostile.case import ANSWERED, LIMITED, PLANTED, REFUSED, Case, asks, body, body_with
from tests.security.hostile.terrain import Terrain

LOGIN = "mutation ($input: UserLoginInput!) { userLogin(input: $input) { errors { code } } }"
CONDITIONAL_ALIAS = """query ($t: Boolean!) { products { nodes { defaultVariant { stock { available }
  id: price { ... @include(if: $t) { amount } } } } } }"""


def rows(ground: Terrain) -> Iterator[Case]:
    """Every row of the issue's first table that is a request of its own; what never ends is test_budget's."""
    if "products" in ground.fields["Query"]:
        yield from _catalogue(ground)
    if "userLogin" in ground.fields["Mutation"]:
        yield from _accounts()
    for levels in (20, 24):
        spreads = "".join(f"fragment f{n} on Query{{...f{n + 1} ...f{n + 1}}}" for n in range(levels))
        last = f"fragment f{levels} on Query{{__typename}}"
        yield asks(f"fragments that spread the next one twice, {levels} of them", f"{{...f0}}{spreads}{last}")
    deep = "[" * 20_000 + "]" * 20_000
    yield Case("variables 20,000 lists deep", body_with("{__typename}", f'{{"a":{deep}}}'), LIMITED)
    foreign = (("content-type", "text/plain; application/json"), ("origin", "https://elsewhere.example"))
    codes = ANSWERED if ground.lone else REFUSED
    yield Case("a content type that hides another, from elsewhere", body("{__typename}"), codes, headers=foreign)


def _catalogue(ground: Terrain) -> Iterator[Case]:
    for times in range(2, 7):
        inner = "products(first:100){nodes{category{" * times + "name" + "}}}" * times
        yield asks(
            f"products within categories, {times} times", f"{{{inner}}}", codes=ANSWERED if times == 2 else REFUSED
        )
    keys = {f"{PLANTED}{'k' * 100}{n}": n for n in range(1_000)}
    filtered = "query ($f: ProductFilter) { products(filter: $f) { totalCount } }"
    yield asks("a filter with 1,000 unknown keys", filtered, {"f": keys})
    yield asks("a filter with 99 unknown keys", filtered, {"f": {f"{PLANTED}{n}": "x" * 2_000 for n in range(99)}})
    if not ground.lone:
        for value in (True, False):
            yield asks(
                f"an alias of id within a condition that is {value}", CONDITIONAL_ALIAS, {"t": value}, codes=ANSWERED
            )


def _accounts() -> Iterator[Case]:
    given = {"email": "somebody@example.com", "password": "a" + "\u0301" * 129_000}
    yield asks("a login with 129,000 combining marks", LOGIN, {"input": given}, codes=ANSWERED)
    yield asks(
        "a login with an unknown field", LOGIN, {"input": {"email": "a@example.com", "password": PLANTED, PLANTED: 1}}
    )
    for name in ("userLogin", "userRegister"):
        more = ', name: "A"' if name == "userRegister" else ""
        aliased = "".join(
            f' a{n}: {name}(input: {{email: "a{n}@example.com", password: "{PLANTED}{n} long"{more}}}) {{__typename}}'
            for n in range(90)
        )
        yield asks(f"90 aliases of {name} at once", f"mutation {{{aliased}}}")
