"""The SQL of payments: a payment's row, who may talk about it, and what goes with a change of it."""

from shared.persistence.outbox import published_if

# XXX is "no currency".
BAR = """
INSERT INTO payments
  (id, order_id, order_attempt, customer_id, provider, amount_minor, currency, authorization_key, status)
VALUES (:id, :order_id, :order_attempt, :nobody, 'none', 0, 'XXX', '', 'VOIDED')
ON CONFLICT (order_id, order_attempt) DO NOTHING
"""
CURRENT = "SELECT * FROM payments WHERE id = :id"
LOCK = f"{CURRENT} FOR UPDATE"
ID_OF_INTENT = """
SELECT id FROM payments
WHERE provider = :provider AND (provider_reference = :reference OR (provider_reference IS NULL AND id = :id))
"""
COUNT_ATTEMPT = "UPDATE payments SET attempt = attempt + 1 WHERE id = :id AND attempt = :attempt"
FOLLOW_IN = "UPDATE payments SET follow_at = now() + make_interval(secs => :seconds) WHERE id = :id"
FOLLOW_NEXT = """
UPDATE payments SET follow_at = now() + make_interval(secs => :seconds::float8)
WHERE id = :id AND follow_at = :follow_at
"""
# Refunds and disputes that we know by their references are no news. A payment that came to nothing is followed
# otherwise: the release of what was held shows as a refund at some providers.
FOLLOW_CHANGED = """
UPDATE payments SET follow_at = now()
FROM unnest(:references::text[], :intents::text[], :failures::bool[], :outcomes::text[])
  AS change (reference, intent, is_failure, outcome)
WHERE payments.provider = :provider AND payments.provider_reference = change.intent AND CASE WHEN change.is_failure
  THEN NOT EXISTS (
    SELECT FROM refund_failures AS known
    WHERE known.payment_id = payments.id AND known.provider_reference = change.reference
  )
  ELSE payments.status NOT IN ('VOIDED', 'DECLINED')
    AND NOT EXISTS (
      SELECT FROM refunds AS known WHERE known.payment_id = payments.id AND known.provider_reference = change.reference
    )
    AND NOT EXISTS (
      SELECT FROM disputes AS known WHERE known.payment_id = payments.id AND known.provider_reference = change.reference
        AND known.outcome = coalesce(change.outcome, known.outcome)
    ) END
"""

# Everything that goes with a change, in one statement: one transaction and one round trip; an order's two pass here, so
# that counts. The lease, when it is given, ends with the change; whoever has another one keeps it. A trigger rejects
# changes of the ledger, another one, at commit, movements whose postings don't add up to zero.
RECORD = f"""
WITH changed AS (
  UPDATE payments SET version = version + 1, provider_reference = coalesce(provider_reference, :reference),
    status = :status, held_minor = :held_minor, captured_minor = :captured_minor, refunded_minor = :refunded_minor,
    disputed_minor = :disputed_minor, paid_outside_minor = :paid_outside_minor, decline_code = :decline_code,
    decline_message = :decline_message, action_client_secret = nullif(:client_secret, ''),
    action_redirect_url = nullif(:redirect_url, ''),
    follow_at = CASE WHEN :follow_in::float8 < 0 THEN follow_at ELSE now() + make_interval(
      secs => :follow_in + least(55, extract(epoch FROM now() - created_at) / 4) * (:follow_in > 0)::int) END,
    lease = CASE WHEN lease = :ending THEN NULL ELSE lease END,
    leased_until = CASE WHEN lease = :ending THEN NULL ELSE leased_until END
  WHERE id = :id AND version = :version RETURNING *
), moved AS (
  INSERT INTO movements (id, payment_id, kind, amount_minor, currency)
  SELECT movement.id, changed.id, movement.kind, movement.amount_minor, changed.currency
  FROM changed, json_to_recordset(:movements::json) AS movement (id uuid, kind text, amount_minor bigint)
), posted AS (
  INSERT INTO postings (movement_id, account, amount_minor)
  SELECT posting.movement_id, posting.account, posting.amount_minor
  FROM changed, json_to_recordset(:postings::json) AS posting (movement_id uuid, account text, amount_minor bigint)
),
{published_if("EXISTS (SELECT FROM changed)")}
SELECT * FROM changed
"""  # noqa: S608 - constants

ATTACH_CUSTOMER = """
INSERT INTO order_accounts (order_id, user_id) VALUES (:order_id, :user_id)
ON CONFLICT (order_id) DO UPDATE SET user_id = excluded.user_id
"""
ATTEMPTS = "SELECT order_attempt FROM payments WHERE order_id = :order_id"
LEASE = """
UPDATE payments SET lease = :lease, leased_until = clock_timestamp() + make_interval(secs => :seconds)
WHERE order_id = :order_id AND order_attempt = :order_attempt AND (lease IS NULL OR leased_until < clock_timestamp())
RETURNING *
"""
LEASE_BY_ID = """
UPDATE payments SET lease = :lease, leased_until = clock_timestamp() + make_interval(secs => :seconds)
WHERE id = :id AND (lease IS NULL OR leased_until < clock_timestamp()) RETURNING *
"""
# A card that is kept, and named by the provider's id, goes with its customer when it is the buyer's own. Another
# buyer's is named by our id, which is never sent to the provider: that knows nothing of whose order it pays.
BEGIN = """
INSERT INTO payments AS kept (id, order_id, customer_id, provider, method, customer_reference, amount_minor, currency,
  authorization_key, status, follow_at, lease, leased_until, order_attempt)
SELECT :id, :order_id, :customer_id, :provider,
  CASE WHEN card.user_id <> :customer_id THEN card.id::text ELSE :method END,
  CASE WHEN card.user_id = :customer_id THEN card.customer_reference ELSE :customer_reference END,
  :amount_minor, :currency, :authorization_key, 'PENDING', now() + make_interval(secs => :follow_in), :lease,
  clock_timestamp() + make_interval(secs => :seconds), :order_attempt
FROM (SELECT) AS one LEFT JOIN saved_methods AS card ON card.provider = :provider AND card.reference = :method
WHERE NOT EXISTS (SELECT FROM payments WHERE order_id = :order_id AND order_attempt > :order_attempt)
ON CONFLICT (order_id, order_attempt) DO UPDATE SET lease = excluded.lease, leased_until = excluded.leased_until
WHERE kept.lease IS NULL OR kept.leased_until < clock_timestamp() RETURNING *, (kept.xmax = 0) AS is_new
"""
LEASE_DUE = """
UPDATE payments SET lease = :lease, leased_until = clock_timestamp() + make_interval(secs => :seconds) WHERE id IN (
  SELECT id FROM payments WHERE follow_at <= now() AND (lease IS NULL OR leased_until < clock_timestamp())
  ORDER BY follow_at LIMIT :most FOR UPDATE SKIP LOCKED
) RETURNING *
"""
RELEASE = "UPDATE payments SET lease = NULL, leased_until = NULL WHERE id = :id AND lease = :lease"
