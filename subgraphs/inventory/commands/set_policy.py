"""Sets a variant's rules of stock."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from shared.errors import UserErrors
from shared.persistence import db
from shared.persistence.outbox import publish
from subgraphs.inventory.domain.errors import variant_not_found
from subgraphs.inventory.domain.events import rules_changed
from subgraphs.inventory.domain.requests import PolicyChange
from subgraphs.inventory.domain.stock import Item
from subgraphs.inventory.infrastructure.stock import locked_stock, save_item

logger = logging.getLogger(__name__)


async def set_policy(change: PolicyChange, actor_id: UUID) -> Item:
    """Applies the new rules, and tells others when more, or no more, can be bought than there is.

    Raises:
        UserErrors: when inventory does not know the variant.
    """
    async with db.transaction():
        stock = await locked_stock([change.variant_id])
        item = stock.items.get(change.variant_id)
        if item is None:
            raise UserErrors(variant_not_found())
        changed = _changed(item, change)
        events = list(rules_changed(item, changed, stock.available(item.variant_id), datetime.now(UTC)))
        await save_item(replace(changed, version=item.version + len(events)))
        await publish(*events)
    logger.info("user %s set the rules of variant %s: %s", actor_id, change.variant_id, change)
    return changed


def _changed(item: Item, change: PolicyChange) -> Item:
    threshold = item.low_stock_threshold if change.low_stock_threshold is None else change.low_stock_threshold
    backorders = item.backorders if change.backorders is None else item.backorders.replaced_by(change.backorders)
    return replace(item, low_stock_threshold=threshold, backorders=backorders)
