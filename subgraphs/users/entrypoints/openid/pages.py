"""What people see of the OpenID provider. Templates are in ``templates/``; none has a script."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
)
_PERMISSIONS = {
    "profile": "know your name",
    "email": "know your e-mail address",
    "offline_access": "stay signed in while you are away",
}
# Whatever a client is granted, its access token opens what a shopper's does.
_ALWAYS = "act for you in the shop: see your orders and your addresses, and buy"


def sign_in_page(
    action: str,
    client_name: str,
    scope: str,
    redirect_uri: str,
    hidden: dict[str, str],
    email: str = "",
    problem: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Asks for address and password, says what the client will be able to do, and why it is asked again."""
    granted = [text for name, text in _PERMISSIONS.items() if name in scope.split()]
    content = {
        "action": action,
        "client_name": client_name,
        "permissions": [_ALWAYS, *granted],
        "destination": _destination(redirect_uri),
        "hidden": hidden,
        "email": email,
        "problem": problem,
    }
    return _page("sign_in.html", status, _form_targets(redirect_uri), content)


def message_page(title: str, message: str, status: int = 200) -> HTMLResponse:
    """Says something, and asks for nothing."""
    content = {"title": title, "message": message, "is_error": status >= 400}
    return _page("message.html", status, "'none'", content)


def _page(template: str, status: int, form_targets: str, content: dict[str, Any]) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action {form_targets};"
        " frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {
        "content-security-policy": policy,
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }
    return HTMLResponse(_TEMPLATES.get_template(template).render(nonce=nonce, **content), status, headers)


def _form_targets(redirect_uri: str) -> str:
    """Browsers hold a form to these in redirects, too: where the client is answered is one of them."""
    parts = urlsplit(redirect_uri)
    is_web = parts.scheme in ("http", "https")
    return f"'self' {parts.scheme}://{parts.netloc}" if is_web else f"'self' {parts.scheme}:"


def _destination(redirect_uri: str) -> str:
    parts = urlsplit(redirect_uri)
    return parts.netloc if parts.scheme in ("http", "https") else "the app on this device"
