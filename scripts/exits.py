"""The table of an order's states with their ways out in ``docs/architecture/checkout.md``.

``python scripts/exits.py`` writes it, ``--check`` fails when it is stale, or when a state has no way out.
What may be done comes from the very rules that the mutations check by (``subgraphs/orders/domain/actions.py``).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from subgraphs.orders.domain.actions import ActionKind  # noqa: E402
from subgraphs.orders.domain.order import Actor, OrderStatus  # noqa: E402
from tests.chaos.ways_out.known_states import State, dead_ends, states  # noqa: E402

PAGE = ROOT / "docs" / "architecture" / "checkout.md"
BEGIN, END = "<!-- states: written by `make exits` -->", "<!-- end of states -->"
_HEAD = """| Status | Under way or stuck | Its buyer may | Staff may | By itself |
|---|---|---|---|---|"""


def table() -> str:
    """The table in Markdown: a row for each status and what is under way or stuck.

    In brackets what an action needs besides.
    """
    groups: dict[tuple[OrderStatus, str], list[State]] = {}
    for state in states():
        groups.setdefault((state.status, state.under_way), []).append(state)
    rows = [
        (status, what or "nothing", *_exits(group)) for (status, what), group in sorted(groups.items(), key=_by_status)
    ]
    return "\n".join([_HEAD, *(f"| {' | '.join(row)} |" for row in rows)])


def _by_status(group: tuple[tuple[OrderStatus, str], list[State]]) -> int:
    return list(OrderStatus).index(group[0][0])


def _exits(group: Sequence[State]) -> tuple[str, str, str]:
    alone = [words for state in group for words in state.goes_on]
    ends = ["the end"] if any(state.is_end for state in group) else []
    by_itself = "; ".join(dict.fromkeys([*ends, *alone])) or "-"
    return _done_by(Actor.BUYER, group), _done_by(Actor.STAFF, group), by_itself


def _done_by(actor: Actor, group: Sequence[State]) -> str:
    kinds = dict.fromkeys(action.kind for state in group for action in state.actions if action.by is actor)
    return ", ".join(f"`{kind}`{_needs(kind, group)}" for kind in kinds) or "-"


def _needs(kind: ActionKind, group: Sequence[State]) -> str:
    """As few as possible of what all states with the action have, so that each state without it lacks one of them."""
    having = [state.features for state in group if kind in {action.kind for action in state.actions}]
    others = [state.features for state in group if kind not in {action.kind for action in state.actions}]
    needed = [words for words in having[0] if all(words in each for each in having)]
    for words in reversed(needed):
        fewer = [each for each in needed if each != words]
        if not any(set(fewer) <= set(each) for each in others):
            needed = fewer
    return f" ({', '.join(needed)})" if needed else ""


def main() -> int:
    """Writes the table into the page, or says that it is stale."""
    if dead := dead_ends():
        print(f"no way out of {'; '.join(map(str, dead))}", file=sys.stderr)
        return 1
    text = PAGE.read_text()
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    wanted = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(wanted)
    elif text != wanted:
        print(f"{PAGE.relative_to(ROOT)} is stale: run `make exits` and commit the result.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
