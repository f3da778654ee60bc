"""What a person sees of the mesh: a line per part with a spinner, then the seconds it took; plain lines in a file."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

FAST_SECONDS = 0.05


class Screen:
    """Progress while the mesh starts or stops, single lines afterwards."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._progress: Progress | None = None

    @contextmanager
    def progress(self) -> Iterator[None]:
        """While this is open, `step` draws spinners, on a terminal."""
        if not self._console.is_terminal:
            yield
            return
        columns = (SpinnerColumn(finished_text=" "), TextColumn("{task.description}"), SecondsColumn())
        with Progress(*columns, console=self._console) as self._progress:
            yield
        self._progress = None

    @contextmanager
    def step(self, name: str, note: str = "") -> Iterator[None]:
        """Show that something is under way, and how long it took."""
        started = time.monotonic()
        task = self._progress.add_task(f"{name:<14} [dim]{note}", total=1) if self._progress else None
        try:
            yield
        except BaseException:
            if self._progress and task is not None:
                self._progress.update(task, description=f"[red]✗[/red] {name:<12} [dim]{note}", completed=1)
            raise
        seconds = time.monotonic() - started
        if self._progress and task is not None:
            self._progress.update(task, description=f"[green]✓[/green] {name:<12} [dim]{note}", completed=1)
        else:
            self.say(f"{name:<14} {seconds:5.1f} s")

    def say(self, text: str, style: str = "") -> None:
        """One line, or several. That nobody reads them any more (a closed window, `| head`) must stop nothing."""
        with suppress(OSError):
            self._console.print(text, style=style, markup=False, soft_wrap=True)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table as wide as what is in it."""
        # rich's own tables cut cells to the width of the window; an address that is cut cannot be followed.
        widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
        self.say(title, "bold")
        for number, row in enumerate([columns, *rows]):
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.say(line.rstrip(), "" if number else "dim")


class SecondsColumn(ProgressColumn):
    """How long a step has taken, in tenths of a second."""

    def render(self, task: Task) -> Text:
        elapsed = task.finished_time if task.finished else task.elapsed
        return Text(f"{elapsed or 0:5.1f} s", style="cyan")
