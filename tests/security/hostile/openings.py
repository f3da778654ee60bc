"""What subgraphs answer beside GraphQL, to whoever asks: webhooks, pictures, keys."""

from collections.abc import Iterator, Mapping

from tests.security.hostile.case import PLANTED, Case
from tests.security.hostile.terrain import SAMPLES, Terrain

# These answer in words of their own.
OTHERWISE = frozenset({"UNREAD"})


def openings(ground: Terrain) -> Iterator[Case]:
    """Those of the subgraph; a router leads to none of them."""
    match ground.lone:
        case "payments":
            yield from _webhooks()
        case "products":
            yield from _pictures(ground)
        case "users":
            yield from _got(
                "keys", "/.well-known/jwks.json", {"a header of 7 kB": (("if-none-match", PLANTED * 1_000),)}
            )


def _webhooks() -> Iterator[Case]:
    signatures = {
        "no signature": (),
        "a signature that is none": (("stripe-signature", PLANTED),),
        "3,000 signatures": (("stripe-signature", "t=1," + "v1=0," * 1_400),),
        "a signature of a far day": (("stripe-signature", f"t={'9' * 5_000},v1={'0' * 64}"),),
        "certificates from elsewhere": (
            ("paypal-cert-url", f"https://127.0.0.1:1/{'a' * 3_000}"),
            ("paypal-transmission-sig", "A" * 3_000),
            ("paypal-auth-algo", "SHA256withRSA"),
            ("paypal-transmission-id", PLANTED),
            ("paypal-transmission-time", "2026-11-29T00:00:00Z"),
        ),
    }
    contents = {
        "nothing": b"",
        "250 kB": PLANTED.encode() * 35_000,
        "20,000 lists": b"[" * 20_000 + b"]" * 20_000,
        "25,000 keys": b"{" + b",".join(b'"%d":1' % number for number in range(25_000)) + b"}",
        "a great number": b"9" * 250_000,
        "no UTF-8": b"\xff" * 250_000,
    }
    for provider in ("stripe", "paypal"):
        for signature, headers in signatures.items():
            for content, body in contents.items():
                name = f"a notice of {provider}'s with {signature}: {content}"
                yield Case(
                    name,
                    body,
                    OTHERWISE,
                    path=f"/webhooks/{provider}",
                    headers=(("content-type", "application/json"), *headers),
                )


def _pictures(ground: Terrain) -> Iterator[Case]:
    known = next(iter(ground.known.get("Product", ())), SAMPLES["ID"])
    tags = {"6,000 tags": (("if-none-match", '"a",' * 1_700),), "a tag of 7 kB": (("if-none-match", PLANTED * 1_000),)}
    for picture in (
        f"{known}/1.svg",
        f"{known}/99.svg",
        f"{'a' * 7_000}/1.svg",
        f"{known}/{'1' * 7_000}.svg",
        "%00/%00",
        "../../etc/passwd",
    ):
        yield from _got(f"a picture {picture[:50]} of {len(picture)}", f"/media/products/{picture}", tags)
    yield from _got("a version of 7 kB", f"/media/products/{known}/1.svg?v={PLANTED * 1_000}", {})


def _got(name: str, path: str, odd: Mapping[str, tuple[tuple[str, str], ...]]) -> Iterator[Case]:
    for told, headers in {"nothing more": (), **odd}.items():
        yield Case(f"{name} with {told}", b"", OTHERWISE, method="GET", path=path, headers=headers)
