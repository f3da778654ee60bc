"""What a provider's own rules of amounts forbid."""


class NotPayableError(Exception):
    """The provider does not take the currency, or can't be told this amount of it exactly. Nothing was sent."""
