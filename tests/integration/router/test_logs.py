"""What clients send stays out of the log, however much is logged and whatever is wrong with it."""

from pathlib import Path

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Kind, Router, router_environment
from tests.integration.router.processes import router as running_router

PLANTED = "planted-secret"
LOGIN = "mutation ($input: UserLoginInput!) { userLogin(input: $input) { errors { code } } }"
FILTER = "query ($sort: ProductSort, $first: Int) { products(sort: $sort, first: $first) { nodes { id } } }"


async def send_secrets(router: Router, issuer: Issuer) -> None:
    credentials = {"email": PLANTED, "password": PLANTED}
    for variables in ({"input": credentials}, {"input": {**credentials, "tottp": PLANTED}}, {"input": PLANTED}):
        await router.ask(LOGIN, **variables)
    for variables in ({"sort": PLANTED}, {"first": PLANTED}, {"first": {"a": PLANTED}}):
        await router.ask(FILTER, **variables)
    for ending in ("", ", tottp: 1"):
        await router.ask(
            f'mutation {{ userLogin(input: {{ email: "a", password: "{PLANTED}"{ending} }}) {{ errors {{ code }} }} }}'
        )
    await router.ask(f'{{ product(slug: "{PLANTED}) {{ title }} }}')
    for slug in (PLANTED, "broken", "garbled"):
        await router.http.get("/graphql", params={"query": f'{{ product(slug: "{slug}") {{ title description }} }}'})
    for token in (PLANTED, f"{issuer.token()}{PLANTED}", f"e30.{PLANTED}.e30"):
        await router.ask("{ me { name } }", token)
    await router.http.post("/graphql", content=f'{{"query": "{PLANTED}', headers={"content-type": "application/json"})
    await router.http.post(
        "/graphql", content=PLANTED, headers={"content-type": PLANTED, "accept": PLANTED, "cookie": PLANTED}
    )


async def test_no_value_no_token_and_no_password_is_logged(
    kind: Kind, doubles: Doubles, issuer: Issuer, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    environment = router_environment(issuer.jwks_url, doubles) | {"LOG_LEVEL": "DEBUG", "ROUTER_SECRET": PLANTED}
    async with running_router(kind, environment, log) as router:
        await send_secrets(router, issuer)
    said = log.read_text()
    assert said
    assert [line for line in said.splitlines() if PLANTED in line or issuer.token().split(".")[0] in line] == []
