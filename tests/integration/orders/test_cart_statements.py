"""How many statements an operation on carts costs, those of the transaction included."""

from uuid import uuid4

from shared.runtime.subgraph import Subgraph
from shared.telemetry.metrics import measured
from subgraphs.orders.commands.merge_carts import MergeCarts, merge_carts
from subgraphs.orders.commands.remove_cart_lines import RemoveCartLines, remove_cart_lines
from subgraphs.orders.commands.update_cart_lines import UpdateCartLines, update_cart_lines
from subgraphs.orders.domain.cart_changes import WantedQuantity
from tests.carts import WORK, add_to_cart, create_cart, filled_cart, sold_variant

TRANSACTION = 2  # BEGIN, COMMIT


async def test_a_cart_is_started_by_one_statement(orders: Subgraph) -> None:
    with measured("test", "create") as creating:
        await create_cart()
    assert creating.statements == 1


async def test_a_change_of_a_cart_is_its_lock_two_reads_and_what_it_writes(orders: Subgraph) -> None:
    variant_id = await sold_variant()
    cart_id = await create_cart()
    with measured("test", "add") as adding:
        cart = await add_to_cart(cart_id, variant_id)
    line_id = cart.lines[0].id
    with measured("test", "update") as updating:
        await WORK.perform(update_cart_lines, UpdateCartLines(cart_id, None, [WantedQuantity(line_id, 2)]))
    with measured("test", "remove") as removing:
        await WORK.perform(remove_cart_lines, RemoveCartLines(cart_id, None, [line_id]))
    assert (updating.statements, removing.statements) == (TRANSACTION + 4, TRANSACTION + 4)
    assert adding.statements == TRANSACTION + 5  # what is sold, too


async def test_a_merge_is_three_locks_two_reads_and_four_that_write(orders: Subgraph) -> None:
    variant_id, user_id = await sold_variant(), uuid4()
    anonymous, _ = await filled_cart(variant_id), await filled_cart(variant_id, user_id)
    with measured("test", "merge") as merging:
        await WORK.perform(merge_carts, MergeCarts(anonymous, user_id))
    assert merging.statements == TRANSACTION + 9
