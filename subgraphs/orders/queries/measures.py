"""What operators measure of orders."""

from collections.abc import Mapping

from shared.persistence import db
from subgraphs.orders.domain.fulfilment import Step

DUES = ("later", "soon", "over")

_OPEN = f"""
SELECT kind, step, coalesce(deadline_at <= now(), false) AS is_overdue, count(*) AS sagas FROM sagas
WHERE due_at IS NOT NULL OR step = '{Step.STUCK}' GROUP BY 1, 2, 3
"""  # noqa: S608 - constants
_HELD = """
SELECT CASE WHEN evidence_due_at <= now() THEN 'over' WHEN evidence_due_at <= now() + interval '3 days' THEN 'soon'
  ELSE 'later' END AS due, count(*) AS disputes
FROM disputes WHERE status = 'OPEN' GROUP BY 1
"""


async def count_open() -> Mapping[tuple[str, str, bool], int]:
    """How many sagas are not at a good end, by kind, by step and by whether their deadline has passed."""
    return {(row["kind"], row["step"], row["is_overdue"]): row["sagas"] for row in await db.fetch(_OPEN)}


async def count_held() -> Mapping[str, int]:
    """How many disputes are open, by whether evidence is due later, within three days (``soon``), or was (``over``)."""
    return {row["due"]: row["disputes"] for row in await db.fetch(_HELD)}
