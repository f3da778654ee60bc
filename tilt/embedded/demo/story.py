"""The steps of the demonstration. Each raises DemoError unless all that it promises happened."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from tilt.embedded.demo.narration import Narrator
from tilt.embedded.demo.shop import Shop, eventually, expect

GOOD_CARD = "pm_card_visa"
DECLINED_CARD = "pm_card_chargeCustomerFail"
ADDRESS = {
    "recipient": "Ada Lovelace",
    "line1": "Hauptstraße 1",
    "postalCode": "10827",
    "city": "Berlin",
    "country": "DE",
}


@dataclass(frozen=True)
class Buyer:
    """Somebody with an account."""

    email: str
    token: str


@dataclass(frozen=True)
class Offer:
    """A variant that can be bought."""

    variant_id: str
    title: str
    available: int


def become_a_customer(shop: Shop, narrator: Narrator) -> Buyer:
    """Registers and logs in."""
    narrator.chapter("Register and log in (users)")
    credentials = {"email": f"ada.{secrets.token_hex(4)}@example.com", "password": secrets.token_urlsafe(16)}
    shop.payload("register", {"input": {**credentials, "name": "Ada Lovelace"}})
    tokens = shop.payload("log_in", {"input": credentials})["tokens"]
    narrator.proves(f"{credentials['email']} has an account and a token for ten minutes")
    return Buyer(credentials["email"], tokens["accessToken"])


def browse(shop: Shop, narrator: Narrator) -> list[Offer]:
    """Lists products with prices and stock."""
    narrator.chapter("Browse: prices from products and stock from inventory, in one query")
    nodes = shop.ask("browse", {"category": None})["products"]["nodes"]
    offers = [_offer(node, variant) for node in nodes for variant in node["variants"] if variant["stock"]]
    good = [offer for offer in offers if offer.available >= 5]
    expect(len(good) >= 3, "the listing shows at least three variants with five pieces in stock")
    narrator.proves(f"{len(nodes)} products, {len(good)} variants with plenty in stock")
    return good


def buy(shop: Shop, narrator: Narrator, buyer: Buyer, offers: list[Offer]) -> None:
    """Buys two products and reads the confirmation."""
    narrator.chapter("Put two products into a cart (orders)")
    cart_id = fill_cart(shop, buyer, [(offers[0].variant_id, 1), (offers[1].variant_id, 2)], aloud=True)
    narrator.chapter("Place the order and watch it (orders → inventory → payments → orders)")
    order = place(shop, buyer, cart_id, GOOD_CARD, aloud=True)
    expect(order["status"] in ("PENDING", "CONFIRMED"), "a new order is PENDING, or CONFIRMED already")
    narrator.proves(f"order {order['number']} is {order['status']}")
    followed = settled(shop, buyer, order["id"])
    expect(followed["status"] == "CONFIRMED", f"the order is CONFIRMED (it is {followed['status']})")
    narrator.proves(f"order {order['number']} is CONFIRMED; captured once: {captures(followed)}")
    narrator.chapter("Read the confirmation e-mail (notifications)")
    mail = eventually(lambda: _mail(shop, buyer, order["number"]), "the confirmation e-mail")
    narrator.says(mail["subject"])
    narrator.says(mail["text"].strip().replace("\n", "\n   "))
    narrator.proves("the e-mail is in the mailbox")


def declined_card(shop: Shop, narrator: Narrator, buyer: Buyer, offer: Offer) -> None:
    """A card that is declined: stock released, nobody charged."""
    narrator.chapter("A card that is declined")
    before = available(shop, offer)
    cart_id = fill_cart(shop, buyer, [(offer.variant_id, 1)])
    order = place(shop, buyer, cart_id, DECLINED_CARD, aloud=True)
    followed = settled(shop, buyer, order["id"], aloud=True)
    expect(followed["status"] == "CANCELLED", "an order with a declined card is CANCELLED")
    expect(followed["cancellation"]["code"] == "PAYMENT_DECLINED", "the reason is PAYMENT_DECLINED")
    expect(captures(followed) == 0, "nobody is charged")
    narrator.proves(f"cancelled: {followed['cancellation']['message']} Nobody was charged.")
    eventually(lambda: available(shop, offer) == before, "the release of the stock")
    narrator.proves(f"the stock is released: {before} pieces as before")


def _can_be_ordered(shop: Shop, buyer: Buyer, cart_id: str) -> bool:
    return not problems(shop, buyer, cart_id)


def last_unit(shop: Shop, narrator: Narrator, first: Buyer, second: Buyer, offer: Offer) -> None:
    """Two buyers, one piece."""
    narrator.chapter("The last unit, bought twice")
    shop.set_stock(offer.variant_id, 1)
    carts = [fill_cart(shop, buyer, [(offer.variant_id, 1)]) for buyer in (first, second)]
    for cart_id, buyer in zip(carts, (first, second), strict=True):
        eventually(partial(_can_be_ordered, shop, buyer, cart_id), "the cart's knowledge of the last unit")
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(
            pool.map(lambda pair: outcome(shop, pair[0], pair[1]), zip((first, second), carts, strict=True))
        )
    winners = [told for told in outcomes if told is None]
    losers = [told for told in outcomes if told is not None]
    expect(len(winners) == 1, f"exactly one buyer gets the last unit ({len(winners)} did)")
    narrator.proves("one buyer has it")
    expect(offer.title.split(",")[0] in losers[0], f"the other is told which line (was told: {losers[0]})")
    narrator.proves(f"the other was not charged and is told: {losers[0]}")
    shop.set_stock(offer.variant_id, offer.available)


def same_checkout_twice(shop: Shop, narrator: Narrator, buyer: Buyer, offer: Offer) -> None:
    """One idempotency key, two requests at once."""
    narrator.chapter("The same checkout sent twice, with one idempotencyKey")
    cart_id, key = fill_cart(shop, buyer, [(offer.variant_id, 1)]), secrets.token_hex(16)
    with ThreadPoolExecutor(2) as pool:
        orders = list(pool.map(lambda _: place(shop, buyer, cart_id, GOOD_CARD, key), range(2)))
    expect(orders[0]["id"] == orders[1]["id"], "both requests answer with the same order")
    followed = settled(shop, buyer, orders[0]["id"], aloud=True)
    expect(followed["status"] == "CONFIRMED", "the order is CONFIRMED")
    expect(len(followed["payments"]) == 1, "there is one payment")
    expect(captures(followed) == 1, "the buyer is charged once")
    narrator.proves(f"one order, {followed['number']}, and one charge")


def fill_cart(shop: Shop, buyer: Buyer, lines: list[tuple[str, int]], aloud: bool = False) -> str:
    """A new cart of the buyer's with these variants and quantities."""
    ask = shop.ask if aloud else shop.ask_quietly
    cart_id: str = ask("create_cart", {}, buyer.token)["cartCreate"]["cart"]["id"]
    wanted = [{"variantId": variant_id, "quantity": quantity} for variant_id, quantity in lines]
    added = ask("add_to_cart", {"input": {"cartId": cart_id, "lines": wanted}}, buyer.token)["cartAddLines"]
    expect(not added["errors"], f"the cart takes the lines ({added['errors']})")
    return cart_id


def place(
    shop: Shop, buyer: Buyer, cart_id: str, card: str, key: str | None = None, aloud: bool = False
) -> dict[str, Any]:
    """Places an order that must be accepted."""
    order, errors = try_to_place(shop, buyer, cart_id, card, key, aloud)
    expect(order, f"the order is accepted ({errors})")
    assert order is not None
    return order


def try_to_place(
    shop: Shop, buyer: Buyer, cart_id: str, card: str, key: str | None = None, aloud: bool = False
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Places an order that may be refused; answers the order or the errors."""
    ask = shop.ask if aloud else shop.ask_quietly
    given = {"cartId": cart_id, "email": buyer.email, "shippingAddress": ADDRESS, "paymentMethodId": card}
    answer = ask("place_order", {"input": given, "key": key or secrets.token_hex(16)}, buyer.token)[
        "checkoutPlaceOrder"
    ]
    return answer["order"], answer["errors"]


def outcome(shop: Shop, buyer: Buyer, cart_id: str) -> str | None:
    """What a buyer is told when the order does not come about, or None when it does."""
    order, errors = try_to_place(shop, buyer, cart_id, GOOD_CARD)
    if order is None:
        return str(errors[0]["message"])
    followed = settled(shop, buyer, order["id"])
    if followed["status"] == "CONFIRMED":
        return None
    expect(followed["cancellation"]["lineIds"], "a cancelled order names the line at fault")
    expect(captures(followed) == 0, "the loser is not charged")
    return str(followed["cancellation"]["message"])


def settled(shop: Shop, buyer: Buyer, order_id: str, aloud: bool = False) -> dict[str, Any]:
    """The order once it is CONFIRMED or CANCELLED."""

    def look() -> dict[str, Any] | None:
        order: dict[str, Any] = shop.ask_quietly("follow_order", {"id": order_id}, buyer.token)["order"]
        return None if order["status"] == "PENDING" else order

    order = eventually(look, "the end of the order's saga")
    if aloud:
        shop.ask("follow_order", {"id": order_id}, buyer.token)
    return order


def captures(order: dict[str, Any]) -> int:
    """How often the order was charged."""
    payments = order["payments"] or []
    return sum(transaction["kind"] == "CAPTURE" for payment in payments for transaction in payment["transactions"])


def available(shop: Shop, offer: Offer) -> int | None:
    """How many pieces of an offer there are now."""
    nodes = shop.ask_quietly("browse", {"category": None})["products"]["nodes"]
    offers = [_offer(node, variant) for node in nodes for variant in node["variants"] if variant["stock"]]
    return next((found.available for found in offers if found.variant_id == offer.variant_id), None)


def problems(shop: Shop, buyer: Buyer, cart_id: str) -> list[dict[str, Any]]:
    """What stands between a cart and an order."""
    lines = shop.ask_quietly("look_at_cart", {"id": cart_id}, buyer.token)["cart"]["lines"]
    return [problem for line in lines for problem in line["problems"]]


def _offer(product: dict[str, Any], variant: dict[str, Any]) -> Offer:
    return Offer(variant["id"], product["title"], variant["stock"]["available"])


def _mail(shop: Shop, buyer: Buyer, number: str) -> dict[str, Any] | None:
    return next((mail for mail in shop.mails_to(buyer.email) if number in mail["subject"] + mail["text"]), None)
