"""Other people's clients, installed, in front of each kind of router and the whole mesh."""

import subprocess
import sys

import pytest

from tests.e2e.conftest import router
from tests.integration.router.kinds import each_kind
from tests.integration.router.processes import REPOSITORY, Router

__all__ = ["each_kind", "router"]


@pytest.fixture(scope="package")
def address(router: Router) -> str:
    """Where clients ask."""
    return f"{router.http.base_url}/graphql"


@pytest.fixture(scope="session")
def installed() -> None:
    """What package-lock.json says, if it is not there yet."""
    subprocess.run([sys.executable, "tilt/embedded/install.py", "clients"], cwd=REPOSITORY, check=True)
