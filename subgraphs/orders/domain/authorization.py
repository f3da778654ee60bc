"""Money that is held until the first parcel leaves, and what is to be done when it can't be taken any more. Pure."""

_WAY_OUT = "The buyer can't be charged any more and nothing of it may leave: cancel the order by orderCancel; it can be ordered anew."


def attention_to_ended(reason: str) -> str:
    """What a person does about a confirmed order whose money can't be taken any more."""
    return f"{reason.rstrip('.')}. {_WAY_OUT}"
