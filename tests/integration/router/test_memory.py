"""What routers remember of documents is bounded, whoever sends how many others."""

from pathlib import Path

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Kind, Router, router_environment
from tests.integration.router.processes import router as running_router

DOCUMENTS = 240
MEGABYTES = 300
PRODUCT = """id slug title description createdAt options{name values} media{url altText mediaType}
    priceRange{min{amount currency} max{amount currency}} category{id slug name description}
    defaultVariant{id sku title weightGrams price{amount currency}}"""


def document(number: int) -> str:
    """A document of some 16 kB that is like no other, and asks for nothing."""
    fields = " ".join(f'a{n}: product(slug: "a") @include(if: $f) {{ {PRODUCT} }}' for n in range(60))
    return f"query Q{number}($f: Boolean!) {{ __typename {fields} }}"


def memory_of(router: Router) -> int:
    """Megabytes of the router's own process, which a script may have started."""
    started = str(router.process.pid)
    children = Path(f"/proc/{started}/task/{started}/children").read_text().split()
    return max(resident(int(process)) for process in (started, *children))


def resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    kilobytes: list[int] = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")]
    return kilobytes[0] // 1024


async def test_many_large_documents_take_little_memory(kind: Kind, doubles: Doubles, issuer: Issuer) -> None:
    async with running_router(kind, router_environment(issuer.jwks_url, doubles)) as router:
        for number in range(DOCUMENTS):
            assert await router.ask(document(number), f=False) == {"data": {"__typename": "Query"}}
        assert memory_of(router) < MEGABYTES
