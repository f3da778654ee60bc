"""How the demonstration is told on the screen."""

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.syntax import Syntax

_LONGEST_ANSWER_LINES = 24
_SECRET_FIELDS = ("password", "accessToken", "refreshToken")


class Narrator:
    """Tells each step, what is sent and what comes back."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._chapters = 0

    def chapter(self, title: str) -> None:
        """Begins a step."""
        self._chapters += 1
        self._console.print(f"\n[bold cyan]{self._chapters}. {title}[/]")

    def says(self, text: str) -> None:
        """A remark."""
        self._console.print(f"   {text}", highlight=False)

    def proves(self, text: str) -> None:
        """A promise that was kept."""
        self._console.print(f"   [green]✓[/] {text}", highlight=False)

    def runs(self, command: str) -> None:
        """A command of a developer."""
        self._console.print(f"   [dim]$ {command}[/]", highlight=False)

    def sends(self, document: str, variables: Mapping[str, Any], *, authenticated: bool) -> None:
        """An operation on its way to the router."""
        self._console.print(f"[dim]→ POST /graphql{' with the access token' if authenticated else ''}[/]")
        self._console.print(Syntax(document.strip(), "graphql", theme="ansi_dark", background_color="default"))
        if variables:
            self._console.print(f"[dim]{_short(_discreet(variables))}[/]", highlight=False, markup=True)

    def receives(self, data: Mapping[str, Any]) -> None:
        """An answer, shortened to what fits a screen."""
        lines = json.dumps(_discreet(data), indent=2, ensure_ascii=False).splitlines()
        shown = lines[:_LONGEST_ANSWER_LINES]
        more = [f"… {len(lines) - len(shown)} more lines"] if len(lines) > len(shown) else []
        self._console.print(f"[dim]←[/] {shown[0]}", highlight=False, markup=True)
        self._console.print("\n".join([*shown[1:], *more]), highlight=False, markup=False)


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("[", "\\[")


def _discreet(value: Any) -> Any:
    """The value without passwords and tokens: what is shown on a screen ends up in recordings."""
    if isinstance(value, Mapping):
        return {key: "…" if key in _SECRET_FIELDS and inner else _discreet(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_discreet(inner) for inner in value]
    return value
