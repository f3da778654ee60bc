"""What carts show."""

from ariadne import QueryType

from shared.errors import BadUserInput
from shared.graphql.context import Info, require_principal
from shared.graphql.pagination import Connection, page_request
from shared.ids import parse_id
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.entrypoints.graphql.callers import user_id_of
from subgraphs.orders.queries.carts import cart_by_id, cart_of_user, carts_of_user

_MOST_CARTS = 10
_USUAL_CARTS = 3


class CartQueries:
    """Carts that the caller may use."""

    def bindable(self) -> QueryType:
        """The resolvers."""
        query = QueryType()
        query.set_field("cart", self._cart)
        query.set_field("myCart", self._my_cart)
        query.set_field("myCarts", self._my_carts)
        return query

    async def _cart(self, _: object, info: Info, id: str) -> Cart | None:
        return await cart_by_id(parse_id(id, "id"), user_id_of(info))

    async def _my_cart(self, _: object, info: Info) -> Cart | None:
        return await cart_of_user(require_principal(info).user_id)

    async def _my_carts(
        self, _: object, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Cart]:
        user_id = require_principal(info).user_id
        page = page_request(_USUAL_CARTS if first is None else first, after, 2, "myCarts", user_id)
        if page.first > _MOST_CARTS:  # each may have a hundred lines
            raise BadUserInput(f"first is {page.first}; it must be 1 to {_MOST_CARTS}.", ("first",))
        return await carts_of_user(user_id, page)
