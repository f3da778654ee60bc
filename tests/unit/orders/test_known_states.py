"""The states of orders in ``docs/architecture/checkout.md``,
of which ``make lint`` holds the page against the rules.
"""

from subgraphs.orders.domain.order import OrderStatus
from tests.chaos.ways_out.known_states import dead_ends, is_known, states


def test_every_state_has_an_action_goes_on_by_itself_or_is_an_end() -> None:
    assert dead_ends() == []


def test_every_status_is_among_them() -> None:
    assert {state.status for state in states()} == set(OrderStatus)


def test_a_state_is_known_by_its_status_and_what_may_be_done() -> None:
    cancel = [{"action": "CANCEL", "by": "BUYER"}, {"action": "CANCEL", "by": "STAFF"}]
    assert is_known("PENDING", cancel)
    assert not is_known("CANCELLED", cancel)
