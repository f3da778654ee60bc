"""How problems of carts and of their lines look to clients: code, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ariadne import ObjectType

from shared.graphql.context import Info
from subgraphs.orders.domain.cart import Cart, CartLine
from subgraphs.orders.domain.cart_problems import (
    Backordered,
    CartProblem,
    InsufficientStock,
    LineProblem,
    NoLongerSold,
    PriceChanged,
    SeveralCurrencies,
    TotalTooLarge,
)


class CartLineProblemCode(StrEnum):
    """The kinds of problem of a cart's line."""

    NO_LONGER_SOLD = "NO_LONGER_SOLD"
    PRICE_CHANGED = "PRICE_CHANGED"
    INSUFFICIENT_STOCK = "INSUFFICIENT_STOCK"
    BACKORDERED = "BACKORDERED"


class CartProblemCode(StrEnum):
    """The kinds of problem of a cart as a whole."""

    TOTAL_TOO_LARGE = "TOTAL_TOO_LARGE"
    SEVERAL_CURRENCIES = "SEVERAL_CURRENCIES"


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem as the SDL has it."""

    code: CartLineProblemCode | CartProblemCode
    message: str


def bindables() -> Sequence[ObjectType]:
    """The resolvers."""
    cart, line = ObjectType("Cart"), ObjectType("CartLine")
    cart.set_field("problems", _of_cart)
    line.set_field("problems", _of_line)
    return cart, line


def _of_cart(cart: Cart, info: Info) -> list[ProblemView]:
    return [cart_problem(problem) for problem in cart.problems]


def _of_line(line: CartLine, info: Info) -> list[ProblemView]:
    return [line_problem(problem) for problem in line.problems]


def cart_problem(problem: CartProblem) -> ProblemView:
    """What a client reads of a problem of a cart."""
    match problem:
        case SeveralCurrencies(currencies):
            message = f"The cart's prices are in {' and '.join(currencies)}; order them apart."
            return ProblemView(CartProblemCode.SEVERAL_CURRENCIES, message)
        case TotalTooLarge(most):
            message = f"An order can cost {most.amount} {most.currency} at most; order in parts."
            return ProblemView(CartProblemCode.TOTAL_TOO_LARGE, message)


def line_problem(problem: LineProblem) -> ProblemView:
    """What a client reads of a problem of a line."""
    match problem:
        case NoLongerSold(title):
            return ProblemView(CartLineProblemCode.NO_LONGER_SOLD, f"{title} is no longer sold; remove it.")
        case PriceChanged():
            return ProblemView(CartLineProblemCode.PRICE_CHANGED, _costs_now(problem))
        case InsufficientStock():
            return ProblemView(CartLineProblemCode.INSUFFICIENT_STOCK, _too_many(problem))
        case Backordered():
            return ProblemView(CartLineProblemCode.BACKORDERED, _follows_later(problem))


def _costs_now(problem: PriceChanged) -> str:
    seen, now = problem.seen, problem.now
    return (
        f"{problem.title} costs {now.amount} {now.currency} now instead of {seen.amount} {seen.currency};"
        " set its quantity again to agree."
    )


def _too_many(problem: InsufficientStock) -> str:
    title, available, later = problem.title, problem.available, problem.later
    if available + later == 0:
        return f"{title} is out of stock; remove it."
    parts = f", {available} at once and {later} later" if available and later else ", and later" if later else ""
    return f"Only {available + later} of {title} can be had{parts}; lower the quantity."


def _follows_later(problem: Backordered) -> str:
    title, available = problem.title, problem.available
    when = f" from {problem.expected_from.isoformat()}" if problem.expected_from else " later"
    if not available:
        return f"{title} is not in stock now; it can be ordered and follows{when}."
    verb = "is" if available == 1 else "are"
    return f"Only {available} of {title} {verb} in stock now; the others can be ordered and follow{when}."
