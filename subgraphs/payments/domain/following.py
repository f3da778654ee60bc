"""When a payment's provider is asked how it stands, whether anybody comes or not; in seconds from now."""

AS_IT_IS = -1.0
"""What is to be asked stays to be asked."""

FOLLOW_SECONDS = 5.0
"""How long nobody has to have come for an open payment."""

SOON_SECONDS = 2.0
"""After an outage."""

LATER_SECONDS = 60.0
"""Of what can't be put right, or is begun by whoever wants it."""

PENDING_SECONDS = 900.0
"""While a refund is on its way."""

DISPUTED_SECONDS = 900.0
"""While a dispute is open."""

MISSING_SECONDS = 600.0
"""While its provider is not configured."""
