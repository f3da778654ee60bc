"""Shoppers who use the part of users in the supergraph."""

import secrets
from dataclasses import dataclass
from typing import Any

import asyncpg

from tests.subgraphs import Running

PASSWORD = "correct horse battery"
ERRORS = "errors { code message field }"
TOKENS = "tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }"
USER = "user { id email name createdAt addresses { id } defaultAddress { id } }"
ADDRESS = "id recipient line1 line2 postalCode city country phone countryArea company isDefault isDefaultBilling"

REGISTER = f"mutation ($input: UserRegisterInput!) {{ userRegister(input: $input) {{ {USER} {TOKENS} {ERRORS} }} }}"
LOG_IN = f"mutation ($input: UserLoginInput!) {{ userLogin(input: $input) {{ {USER} {TOKENS} {ERRORS} }} }}"
REFRESH = f"mutation ($input: TokenRefreshInput!) {{ tokenRefresh(input: $input) {{ {TOKENS} {ERRORS} }} }}"
CREATE = (
    f"mutation ($input: AddressCreateInput!) {{ addressCreate(input: $input) {{ address {{ {ADDRESS} }} {ERRORS} }} }}"
)
UPDATE = (
    f"mutation ($input: AddressUpdateInput!) {{ addressUpdate(input: $input) {{ address {{ {ADDRESS} }} {ERRORS} }} }}"
)
DELETE = f"mutation ($input: AddressDeleteInput!) {{ addressDelete(input: $input) {{ deletedId {ERRORS} }} }}"
SET_DEFAULT = (
    "mutation ($input: AddressSetDefaultInput!)"
    f" {{ addressSetDefault(input: $input) {{ address {{ {ADDRESS} }} {ERRORS} }} }}"
)
SET_DEFAULT_BILLING = (
    "mutation ($input: AddressSetDefaultBillingInput!)"
    f" {{ addressSetDefaultBilling(input: $input) {{ address {{ {ADDRESS} }} {ERRORS} }} }}"
)
ME = f"{{ me {{ id email name addresses {{ {ADDRESS} }} defaultAddress {{ id }} defaultBillingAddress {{ id }} }} }}"

HOME: dict[str, Any] = {
    "recipient": "Ada Lovelace",
    "line1": "12 St James's Square",
    "postalCode": "SW1Y 4LE",
    "city": "London",
    "country": "GB",
}


@dataclass(frozen=True)
class Shopper:
    """Somebody with an account."""

    id: str
    email: str
    token: str
    refresh_token: str


class Shop:
    """A running users."""

    def __init__(self, process: Running) -> None:
        self.process = process

    async def mutate(self, document: str, token: str | None = None, **content: Any) -> dict[str, Any]:
        """The payload of a mutation; fails when the answer has GraphQL errors."""
        answer = await self.process.graphql(document, {"input": content}, token)
        assert "errors" not in answer, answer
        (payload,) = answer["data"].values()
        result: dict[str, Any] = payload
        return result

    async def shopper(self) -> Shopper:
        """Somebody who has just registered."""
        email = new_email()
        registered = await self.mutate(REGISTER, email=email, password=PASSWORD, name="Ada")
        assert registered["errors"] == []
        tokens = registered["tokens"]
        return Shopper(registered["user"]["id"], email, tokens["accessToken"], tokens["refreshToken"])

    async def book(self, shopper: Shopper) -> list[dict[str, Any]]:
        """A shopper's address book."""
        answer = await self.process.graphql(ME, token=shopper.token)
        addresses: list[dict[str, Any]] = answer["data"]["me"]["addresses"]
        return addresses

    async def add_address(self, shopper: Shopper, **changes: Any) -> str:
        """Adds an address and answers its id."""
        added = await self.mutate(CREATE, shopper.token, address={**HOME, **changes})
        address_id: str = added["address"]["id"]
        return address_id

    async def sql(self, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        """Looks behind the scenes."""
        connection = await asyncpg.connect(self.process.environment["USERS_DATABASE_URL"])
        try:
            return await connection.fetch(statement, *arguments)
        finally:
            await connection.close()


def new_email() -> str:
    """An address that nobody has yet."""
    return f"ada-{secrets.token_hex(6)}@example.com"


def codes(payload: dict[str, Any]) -> list[str]:
    """The codes of a payload's errors."""
    return [error["code"] for error in payload["errors"]]
