"""The subgraphs' own commands, each in a process of its own."""

from collections.abc import Mapping

from tests.forks import output_of


async def command(environment: Mapping[str, str], subgraph: str, *arguments: str) -> tuple[int, str]:
    """The exit status and the output of ``python -m subgraphs.<subgraph> <arguments>``."""
    return await output_of(f"subgraphs.{subgraph}", *arguments, environment=environment)


async def token(environment: Mapping[str, str], email: str, scope: str, *options: str) -> str:
    """An access token of somebody who has an account, as a developer makes one."""
    status, output = await command(environment, "users", "token", "--email", email, "--scope", scope, *options)
    assert status == 0, output
    return output.strip()
