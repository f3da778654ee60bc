"""``make demo``: exit status 0 only if everything that it tells of happened."""

import argparse
import os
import sys

from rich.console import Console

from tilt.embedded.credentials import load_credentials
from tilt.embedded.demo.narration import Narrator
from tilt.embedded.demo.shop import DemoError, Shop
from tilt.embedded.demo.story import become_a_customer, browse, buy, declined_card, last_unit, same_checkout_twice
from tilt.embedded.demo.target import target
from tilt.embedded.environment import mesh_environment
from tilt.embedded.errors import MeshError
from tilt.embedded.settings import load_settings
from tilt.embedded.sharing import for_subgraph
from tilt.embedded.slices import require_whole


def main() -> int:
    """Tells the story against the mesh that the environment names."""
    argparse.ArgumentParser(
        prog="python -m tilt.embedded.demo", description="Buys something in the running mesh."
    ).parse_args()
    console = Console()
    narrator = Narrator(console)
    try:
        settings = load_settings()
        require_whole(settings)
        embedded = mesh_environment(settings, load_credentials(settings))
        shop = Shop(target(os.environ, embedded), for_subgraph("inventory", embedded), narrator)
    except MeshError as error:
        sys.exit(f"mercato: {error}")
    try:
        _tell(shop, narrator)
    except DemoError as failure:
        console.print(f"\n[bold red]The demonstration failed:[/] {failure}", highlight=False)
        return 1
    console.print("\n[bold green]All of it happened.[/]")
    return 0


def _tell(shop: Shop, narrator: Narrator) -> None:
    ada, grace = become_a_customer(shop, narrator), become_a_customer(shop, narrator)
    offers = browse(shop, narrator)
    buy(shop, narrator, ada, offers)
    declined_card(shop, narrator, ada, offers[0])
    last_unit(shop, narrator, ada, grace, offers[2])
    same_checkout_twice(shop, narrator, ada, offers[1])


if __name__ == "__main__":
    sys.exit(main())
