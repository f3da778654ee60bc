"""Guessing, hashing and tokens: what costs by design."""

import base64
import json
from collections.abc import Iterator

from tests.security.hostile.case import ANSWERED, JSON, NONCE, PLANTED, REFUSED, Case, asks, body, fill

ONCE = NONCE.decode()
BUSY = ANSWERED | {"UNAVAILABLE"}


def credentials() -> Iterator[Case]:
    """All kinds."""
    yield from _many_at_once()
    yield from _passwords()
    yield from _tokens()


def _many_at_once() -> Iterator[Case]:
    for count in (2, 10, 90):
        login = "".join(
            f' a{n}: userLogin(input: {{email: "{ONCE}{n}@example.com", password: "{PLANTED}{n}"}}) {{__typename}}'
            for n in range(count)
        )
        register = "".join(
            f' a{n}: userRegister(input: {{email: "{ONCE}{n}@example.com" password: "{PLANTED}{n} ok", name: "A"}})'
            " {__typename}"
            for n in range(count)
        )
        refresh = "".join(
            f' a{n}: tokenRefresh(input: {{refreshToken: "{PLANTED}{n}"}}) {{__typename}}' for n in range(count)
        )
        for name, text in {"userLogin": login, "userRegister": register, "tokenRefresh": refresh}.items():
            yield asks(f"{count} aliases of {name}", f"mutation {{{text}}}", codes=REFUSED)
            spread = f"mutation {{ ...f }} fragment f on Mutation {{ ...g }} fragment g on Mutation {{{text}}}"
            yield asks(f"{count} aliases of {name} in a fragment", spread, codes=REFUSED)
        yield asks(
            f"{count} logins and registrations by turns",
            f"mutation {{{login.replace('a', 'l', 1)}{register.replace(' a', ' r')}}}",
            codes=REFUSED,
        )
        carts = "".join(f" a{n}: cartCreate {{__typename}}" for n in range(count))
        yield asks(f"{count} carts", f"mutation {{{carts}}}", codes=ANSWERED)


def _passwords() -> Iterator[Case]:
    login = "mutation ($input: UserLoginInput!) { userLogin(input: $input) { errors { code } } }"
    register = "mutation ($input: UserRegisterInput!) { userRegister(input: $input) { errors { code } } }"
    for name, password in {
        "130,000 combining marks": "a" + "\u0301" * 129_000,
        "85,000 ligatures": "\ufdfa" * 85_000,
        "200 ligatures": "\ufdfa" * 200,
        "200 combining marks in disorder": "a" + "\u0315\u0300\u05ae\u0301" * 49,
        "120,000 combining marks in disorder": "a" + "\u0315\u0300" * 60_000,
        "80,000 Hangul syllables": "\ud55c" * 80_000,
        "250 kB": fill("x"),
        "NUL": "long enough\x00",
        "lone surrogates": "\ud800" * 40,
    }.items():
        yield asks(
            f"userLogin with a password of {name}",
            login,
            {"input": {"email": "a@example.com", "password": password}},
            codes=BUSY,
        )
        given = {"email": f"{ONCE}@example.com", "password": password, "name": "A"}
        yield asks(f"userRegister with a password of {name}", register, {"input": given}, codes=BUSY)
        given = {"email": f"{password[:120_000]}@example.com", "password": "long enough, too", "name": password[:1]}
        yield asks(f"userRegister with an address of {name}", register, {"input": given}, codes=BUSY)


def _tokens() -> Iterator[Case]:
    """Each is refused, 401 at the routers; a header larger than the server takes is refused by it."""
    refused = REFUSED | {"UNAUTHENTICATED"}
    header = _part({"alg": "ES256", "typ": "JWT", "kid": ONCE})
    good = body("{ __typename }")
    elsewhere = {"alg": "ES256", "jwk": {"kty": "EC"}, "jku": "http://127.0.0.1:1/", "x5u": "http://127.0.0.1:1/"}
    slow = {"alg": "PBES2-HS512+A256KW", "enc": "A256GCM", "p2c": 2_000_000_000, "p2s": "AAAA"}
    critical = {"alg": "ES256", "kid": ONCE, "crit": ["b64"] * 500, "b64": False}
    for name, token in {
        "nonsense": PLANTED,
        "an unknown key": f"{header}.{_part({'sub': PLANTED})}.{'A' * 86}",
        "no algorithm": f"{_part({'alg': 'none'})}.{_part({'sub': PLANTED})}.",
        "a claim that is deep": f"{header}.{_text('[' * 5_000)}.{'A' * 86}",
        "a header that is deep": f"{_text('{' + chr(34) + 'a' + chr(34) + ':' + '[' * 5_000)}.{_part({})}.AAAA",
        "5,000 dots": "." * 5_000,
        "a key of 5 kB": f"{_part({'alg': 'ES256', 'kid': PLANTED * 700})}.{_part({})}.{'A' * 86}",
        "compressed claims": f"{_part({'alg': 'ES256', 'zip': 'DEF', 'kid': ONCE})}.{'A' * 5_000}.{'A' * 86}",
        "critical headers": f"{_part(critical)}.{_part({})}.{'A' * 86}",
        "a key of its own": f"{_part(elsewhere)}.{_part({})}.A",
        "a great iteration count": f"{_part(slow)}.A.A.A.A",
    }.items():
        yield Case(f"a token of {name}", good, refused, headers=(*JSON, ("authorization", f"Bearer {token}")))
    for name, value in {
        "another scheme": f"Basic {PLANTED}",
        "no token": "Bearer ",
        "many words": "Bearer " + "a " * 3_000,
    }.items():
        yield Case(f"an authorization of {name}", good, refused | {""}, headers=(*JSON, ("authorization", value)))


def _part(content: object) -> str:
    return _text(json.dumps(content))


def _text(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
