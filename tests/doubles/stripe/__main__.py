"""Serves the double of Stripe: ``python -m tests.doubles.stripe --port 4310``."""

import argparse
import os

from tests.doubles.server import serve
from tests.doubles.stripe.app import stripe_double
from tilt.embedded.backends.localstripe import API_KEY


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api-key", default=API_KEY, help="the only key that it accepts")
    parser.add_argument("--webhook-url")
    parser.add_argument("--webhook-secret", default=os.environ.get("STRIPE_WEBHOOK_SECRET", ""))
    arguments = parser.parse_args()
    serve(stripe_double(arguments.api_key, arguments.webhook_url, arguments.webhook_secret), arguments.port)


if __name__ == "__main__":
    main()
