"""How numbers are shown."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One number, and what it should be."""

    what: str
    measured: str
    target: str


def show(rows: list[Row]) -> None:
    """Prints a table."""
    table = Table("What", "Measured", "Target", title="Mercato, measured in one run")
    for row in rows:
        table.add_row(row.what, row.measured, row.target)
    Console().print(table)
