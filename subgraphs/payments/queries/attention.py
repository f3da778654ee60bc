"""What staff read of a payment that a person has to look at."""

from subgraphs.payments.domain.status import PaymentStatus, is_over_without_money, needs_provider


def attention(
    status: PaymentStatus, provider: str, is_configured: bool, has_money: bool, is_disputed: bool
) -> str | None:
    """What a person has to look at, with the way out; None when nothing is wrong.
    ``is_disputed``: a bank has yet to decide.
    """
    if not is_configured and is_disputed:
        return (
            f"Its provider {provider} is not configured here, and the buyer's bank has yet to decide a dispute of it,"
            " which is not seen. Configure the provider again; or say what the bank has decided, as it told the shop,"
            " by `python -m subgraphs.payments decide-dispute`, with the id of the dispute."
        )
    if not is_configured and (needs_provider(status) or has_money):
        return (
            f"Its provider {provider} is not configured here: what becomes of its money there is not seen, and it can't"
            " be taken, let go or given back. Configure the provider again, then orderRetry if the order waits for it;"
            " or, where the order owes it to its buyer, pay it another way, such as by a bank transfer, and then call"
            " orderSettle."
        )
    if is_over_without_money(status) and has_money:
        return (
            f"{provider} has money of it though it is {status}: it goes back by itself, a moment after. Where it stays,"
            " the provider refuses, or the buyer's bank has sent it back twice: give it back on the provider's own"
            " page, which is noticed here; or pay the buyer another way, and then say so by"
            " `python -m subgraphs.payments settle-late`."
        )
    return None
