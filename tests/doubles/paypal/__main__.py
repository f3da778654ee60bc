"""Serves the double of PayPal: ``python -m tests.doubles.paypal --port 4311``."""

import argparse
import os
from pathlib import Path

from tests.doubles.paypal.app import paypal_double
from tests.doubles.server import serve

CLIENT_ID = "the-shop"
CLIENT_SECRET = "of-the-double"
WEBHOOK_ID = "5GP028458E2496506"


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-id", default=CLIENT_ID, help="the only client that it accepts")
    parser.add_argument("--client-secret", default=os.environ.get("PAYPAL_CLIENT_SECRET", CLIENT_SECRET))
    parser.add_argument("--webhook-url")
    parser.add_argument("--webhook-id", default=WEBHOOK_ID, help="signed along with every event")
    parser.add_argument("--authority-file", type=Path, help="where the root of its certificate is written, as PEM")
    arguments = parser.parse_args()
    credentials = (arguments.client_id, arguments.client_secret)
    serve(
        paypal_double(arguments.port, credentials, arguments.webhook_url, arguments.webhook_id, arguments.authority_file),
        arguments.port,
    )


if __name__ == "__main__":
    main()
