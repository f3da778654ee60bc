"""What shoppers find in their mail."""

import re
from typing import Any

import httpx

from tests.e2e.mesh import Mesh
from tests.subgraphs import eventually


async def mails_to(mesh: Mesh, email: str, subject: str, at_least: int = 1) -> list[dict[str, Any]]:
    """The mails of a subject, the latest first, once so many have come."""

    async def look() -> list[dict[str, Any]] | None:
        async with httpx.AsyncClient(base_url=mesh.environment["MAILBOX_URL"]) as http:
            found = (await http.get("/messages", params={"to": email})).json()
            mails = [(await http.get(f"/messages/{each['id']}")).json() for each in found if subject in each["subject"]]
        return mails if len(mails) >= at_least else None

    return await eventually(look, f"a mail of {subject!r} arrives")


async def linked(mesh: Mesh, email: str, subject: str, page: str, at_least: int = 1) -> str:
    """What the link of the latest such mail holds: it stands in its text and in its HTML."""
    mail = (await mails_to(mesh, email, subject, at_least))[0]
    found = re.search(rf"http://127\.0\.0\.1:3000/{page}#([\w-]+)", mail["text"])
    assert found is not None, mail["text"]
    assert f'href="{found[0]}"' in mail["html"]
    return found[1]
