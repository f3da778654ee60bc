"""A real browser goes through the page: Chromium of the system, without a script that it could need."""

import shutil
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from tests.integration.users.openid.browser import Back, listening
from tests.integration.users.openid.visitor import Client, added
from tests.integration.users.shoppers import PASSWORD, Shop, Shopper

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
Page = Any
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed: apt-get install chromium")


@pytest_asyncio.fixture
async def page() -> AsyncIterator[Page]:
    """A tab that runs no scripts."""
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = await (await browser.new_context(java_script_enabled=False)).new_page()
        yield tab
        await browser.close()


async def asked(client: Client, back: Back) -> str:
    """The address that the client sends its visitors to."""
    return f"{client.http.base_url}/oauth/authorize?{urlencode(client.request(redirect_uri=back.url))}"


async def test_somebody_signs_in_by_keyboard_after_a_mistake(shop: Shop, ada: Shopper, page: Page) -> None:
    async with listening() as back:
        client = await added(shop, "--redirect-uri", back.url)
        await page.goto(await asked(client, back))
        assert await page.get_by_role("heading", level=1).inner_text() == "Sign in to Ham & <Eggs>"
        await page.get_by_label("E-mail address").fill(ada.email)
        await page.get_by_label("Password").fill("wrong password")
        await page.keyboard.press("Enter")
        assert "No account has this" in await page.get_by_role("alert").inner_text()
        assert await page.get_by_label("E-mail address").input_value() == ada.email
        assert await page.get_by_label("Password").input_value() == ""
        await page.get_by_label("Password").fill(PASSWORD)
        await page.keyboard.press("Enter")
        answer = await back.answer()
        tokens = await client.redeem(answer["code"], redirect_uri=back.url)
        assert tokens.status_code == 200


async def test_somebody_refuses(shop: Shop, page: Page) -> None:
    async with listening() as back:
        client = await added(shop, "--redirect-uri", back.url)
        await page.goto(await asked(client, back))
        await page.get_by_role("button", name="Refuse").click()
        assert (await back.answer())["error"] == "access_denied"
