"""Sets a variant's rules of stock."""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from subgraphs.inventory.domain.events import rules_changed
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.rejections import VariantNotFound
from subgraphs.inventory.domain.stock import Backorders, Item

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """New rules of a variant; None leaves a rule as it is."""

    variant_id: UUID
    low_stock_threshold: int | None
    backorders: Backorders | None
    actor_id: UUID


async def set_policy(command: SetPolicy, work: InventoryWork) -> Item:
    """Applies the new rules, and tells others when more, or no more, can be bought than there is.

    Raises:
        VariantNotFound
    """
    stock = await work.stock.lock([command.variant_id])
    item = stock.items.get(command.variant_id)
    if item is None:
        raise VariantNotFound(command.variant_id)
    changed = item.with_rules(command.low_stock_threshold, command.backorders)
    events = list(rules_changed(item, changed, stock.available(item.variant_id), datetime.now(UTC)))
    await work.stock.save_rules(replace(changed, version=item.version + len(events)))
    work.events.record(*events)
    logger.info("user %s sets the rules of variant %s: %s", command.actor_id, command.variant_id, changed)
    return changed
