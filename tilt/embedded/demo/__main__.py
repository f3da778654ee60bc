"""``make demo``: exit status 0 only if everything that it tells of happened."""

import argparse
import os
import sys

from rich.console import Console

from tilt.embedded.demo.narration import Narrator
from tilt.embedded.demo.shop import DemoError, Shop
from tilt.embedded.demo.story import become_a_customer, browse, buy, declined_card, last_unit, same_checkout_twice
from tilt.embedded.demo.target import target
from tilt.embedded.errors import MeshError
from tilt.embedded.running import variables_of_running_mesh
from tilt.embedded.settings import load_settings
from tilt.embedded.slices import require_whole


def main() -> int:
    """Tells the story against the running mesh, or the one that the environment names."""
    argparse.ArgumentParser(
        prog="python -m tilt.embedded.demo", description="Buys something in the running mesh."
    ).parse_args()
    console = Console()
    narrator = Narrator(console)
    try:
        shop = Shop(target(os.environ, _variables_of_whole_mesh), narrator)
    except MeshError as error:
        sys.exit(f"mercato: {error}")
    try:
        _tell(shop, narrator)
    except DemoError as failure:
        console.print(f"\n[bold red]The demonstration failed:[/] {failure}", highlight=False)
        return 1
    console.print("\n[bold green]All of it happened.[/]")
    return 0


def _variables_of_whole_mesh() -> dict[str, str]:
    require_whole(load_settings())
    return variables_of_running_mesh()


def _tell(shop: Shop, narrator: Narrator) -> None:
    ada, grace = become_a_customer(shop, narrator), become_a_customer(shop, narrator)
    offers = browse(shop, narrator)
    buy(shop, narrator, ada, offers)
    declined_card(shop, narrator, ada, offers[0])
    last_unit(shop, narrator, ada, grace, offers[2])
    same_checkout_twice(shop, narrator, ada, offers[1])


if __name__ == "__main__":
    sys.exit(main())
