"""What a shopper does with their account by mail: the links are read in the mail server of the mesh and followed."""

import secrets
from typing import Any

import asyncpg

from tests.e2e.mailbox import linked, mails_to
from tests.e2e.mesh import SESSION_MESH, Mesh
from tests.e2e.planted import LOGIN
from tests.e2e.shopper import PASSWORD, Shopper, register
from tests.integration.router.processes import Router
from tests.subgraphs import eventually

pytestmark = SESSION_MESH

ERRORS = "errors { code field }"
USER = "user { email name emailVerifiedAt }"
VERIFY = f"mutation ($input: UserVerifyEmailInput!) {{ userVerifyEmail(input: $input) {{ {USER} {ERRORS} }} }}"
RESEND = f"mutation {{ userRequestEmailVerification {{ sentTo {ERRORS} }} }}"
FORGOT = (
    f"mutation ($input: UserRequestPasswordResetInput!) {{ userRequestPasswordReset(input: $input) {{ {ERRORS} }} }}"
)
RESET = f"mutation ($input: UserResetPasswordInput!) {{ userResetPassword(input: $input) {{ {ERRORS} }} }}"
CHANGE_PASSWORD = (
    f"mutation ($input: UserChangePasswordInput!) {{ userChangePassword(input: $input) {{ endedCount {ERRORS} }} }}"
)
UPDATE = f"mutation ($input: UserUpdateInput!) {{ userUpdate(input: $input) {{ {USER} {ERRORS} }} }}"
CHANGE_EMAIL = f"mutation ($input: UserChangeEmailInput!) {{ userChangeEmail(input: $input) {{ sentTo {ERRORS} }} }}"
CONFIRM = (
    f"mutation ($input: UserConfirmEmailChangeInput!) {{ userConfirmEmailChange(input: $input) {{ {USER} {ERRORS} }} }}"
)
UNDO = f"mutation ($input: UserUndoEmailChangeInput!) {{ userUndoEmailChange(input: $input) {{ {ERRORS} }} }}"
ME = "{ me { email name emailVerifiedAt } }"
NEW_PASSWORD = secrets.token_urlsafe(12)
INVALID_LINK = [{"code": "LINK_INVALID", "field": ["token"]}]


async def payload(router: Router, document: str, access_token: str | None = None, /, **given: Any) -> dict[str, Any]:
    """What a mutation answers."""
    answer = await router.ask(document, access_token, input=given)
    assert "errors" not in answer, answer["errors"]
    (found,) = answer["data"].values()
    result: dict[str, Any] = found
    return result


async def enters(router: Router, email: str, password: str) -> bool:
    return bool((await payload(router, LOGIN, email=email, password=password))["tokens"])


async def test_the_link_of_the_welcome_verifies_the_address(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    assert (await shopper.ask(ME))["me"]["emailVerifiedAt"] is None
    token = await linked(mesh, shopper.email, "Welcome", "verify-email")
    stranger = await register(router)
    assert (await payload(router, VERIFY, stranger.token, token=token))["errors"] == INVALID_LINK
    verified = await payload(router, VERIFY, shopper.token, token=token)
    assert (verified["errors"], verified["user"]["email"]) == ([], shopper.email)
    assert verified["user"]["emailVerifiedAt"] is not None
    assert (await payload(router, VERIFY, shopper.token, token=token))["errors"] == INVALID_LINK


async def test_another_link_is_mailed_until_there_are_too_many(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    for _ in range(4):
        assert (await shopper.mutate(RESEND)) == {"sentTo": shopper.email, "errors": []}
    refused = await router.ask(RESEND, shopper.token)
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["RATE_LIMITED"]
    token = await linked(mesh, shopper.email, "confirm your e-mail address", "verify-email", at_least=4)
    assert (await payload(router, VERIFY, shopper.token, token=token))["errors"] == []
    assert (await shopper.mutate(RESEND))["errors"] == [{"code": "INVALID", "field": None}]


async def test_a_forgotten_password_is_set_anew_by_a_link(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    unknown = await payload(router, FORGOT, email=f"{secrets.token_hex(6)}@example.com")
    assert await payload(router, FORGOT, email=f" {shopper.email.upper()}") == unknown == {"errors": []}
    token = await linked(mesh, shopper.email, "Set a new password", "reset-password")
    common = await payload(router, RESET, token=token, password="password123")
    assert common["errors"] == [{"code": "INVALID", "field": ["password"]}]
    assert (await payload(router, RESET, token=token, password=NEW_PASSWORD))["errors"] == []
    assert (await payload(router, RESET, token=token, password=PASSWORD))["errors"] == INVALID_LINK
    assert (await enters(router, shopper.email, PASSWORD), await enters(router, shopper.email, NEW_PASSWORD)) == (
        False,
        True,
    )
    await mails_to(mesh, shopper.email, "Your password was changed")
    await is_refused(router, shopper.token)
    fresh = await payload(router, LOGIN, email=shopper.email, password=NEW_PASSWORD)
    me = (await router.ask(ME, fresh["tokens"]["accessToken"]))["data"]["me"]
    assert me["emailVerifiedAt"] is not None


async def is_refused(router: Router, token: str) -> None:
    async def look() -> bool:
        answer = await router.ask(ME, token)
        return [error["extensions"]["code"] for error in answer.get("errors", [])] == ["UNAUTHENTICATED"]

    await eventually(look, "the token of a session that ended is refused")


async def test_another_password_ends_the_other_sessions(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    elsewhere = await payload(router, LOGIN, email=shopper.email, password=PASSWORD)
    wrong = {"currentPassword": "wrong password", "newPassword": NEW_PASSWORD}
    refused = await payload(router, CHANGE_PASSWORD, shopper.token, **wrong)
    assert refused["errors"] == [{"code": "CREDENTIALS_INVALID", "field": ["currentPassword"]}]
    changed = await payload(router, CHANGE_PASSWORD, shopper.token, currentPassword=PASSWORD, newPassword=NEW_PASSWORD)
    assert changed == {"endedCount": 1, "errors": []}
    await is_refused(router, elsewhere["tokens"]["accessToken"])
    assert (await shopper.ask(ME))["me"]["email"] == shopper.email
    await mails_to(mesh, shopper.email, "Your password was changed")


async def test_another_name_is_told(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    assert (await payload(router, UPDATE, shopper.token, name=" Countess "))["user"]["name"] == "Countess"
    (mail,) = await mails_to(mesh, shopper.email, "Your name was changed")
    assert mail["text"].startswith("Hello Countess,")
    empty = await payload(router, UPDATE, shopper.token, name=" ")
    assert empty["errors"] == [{"code": "INVALID", "field": ["name"]}]


async def test_another_address_is_confirmed_there_and_undone_from_the_former_one(
    mesh: Mesh, router: Router, shopper: Shopper
) -> None:
    new_email = f"{secrets.token_hex(6)}@example.com"
    asked = await payload(router, CHANGE_EMAIL, shopper.token, newEmail=new_email, currentPassword=PASSWORD)
    assert asked == {"sentTo": new_email, "errors": []}
    await mails_to(mesh, shopper.email, "is about to be changed")
    token = await linked(mesh, new_email, "confirm your new e-mail", "confirm-email-change")
    assert (await shopper.ask(ME))["me"]["email"] == shopper.email
    stranger = await register(router)
    assert (await payload(router, CONFIRM, stranger.token, token=token))["errors"] == INVALID_LINK
    confirmed = await payload(router, CONFIRM, shopper.token, token=token)
    assert (confirmed["errors"], confirmed["user"]["email"]) == ([], new_email)
    await mails_to(mesh, new_email, "Your e-mail address was changed")
    undo = await linked(mesh, shopper.email, "Your e-mail address was changed", "undo-email-change")
    assert (await payload(router, UNDO, token=undo))["errors"] == []
    assert (await payload(router, UNDO, token=undo))["errors"] == INVALID_LINK
    await is_refused(router, shopper.token)
    assert not await enters(router, shopper.email, PASSWORD)
    reset = await linked(mesh, shopper.email, "You have your e-mail address back", "reset-password")
    assert (await payload(router, RESET, token=reset, password=NEW_PASSWORD))["errors"] == []
    assert await enters(router, shopper.email, NEW_PASSWORD)


async def test_what_links_hold_lies_in_no_database_and_no_event(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    await payload(router, FORGOT, email=shopper.email)
    tokens = [
        await linked(mesh, shopper.email, "Welcome", "verify-email"),
        await linked(mesh, shopper.email, "Set a new password", "reset-password"),
    ]
    looked = {
        "USERS_DATABASE_URL": ("mailed_links", "outbox"),
        "NOTIFICATIONS_DATABASE_URL": ("notifications", "inbox", "outbox"),
    }
    for variable, tables in looked.items():
        connection = await asyncpg.connect(mesh.environment[variable])
        try:
            for table in tables:
                for token in tokens:
                    holds = f"SELECT count(*) FROM {table} AS row WHERE row::text LIKE '%' || $1 || '%'"
                    assert await connection.fetchval(holds, token) == 0, table
        finally:
            await connection.close()
