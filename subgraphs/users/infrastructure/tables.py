"""The tables of users.

Partial indexes stand in the migrations: Tortoise leaves those of a model out of CREATE TABLE.
"""

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

_NOW = SqlDefault("clock_timestamp()")


class User(Model):
    """An account. Whoever changes its address book locks its row first."""

    id = fields.UUIDField(primary_key=True)
    email = fields.CharField(max_length=254)
    comparable_email = fields.CharField(max_length=254, unique=True)
    name = fields.CharField(max_length=200)
    password_hash = fields.TextField()
    created_at = fields.DatetimeField(db_default=_NOW)
    email_verified_at = fields.DatetimeField(null=True)

    class Meta:
        table = "users"
        app = "users"


class Address(Model):
    """A postal address in a user's address book."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("users.User", on_delete=fields.CASCADE)
    recipient = fields.CharField(max_length=200)
    line1 = fields.CharField(max_length=200)
    line2 = fields.CharField(max_length=200, null=True)
    postal_code = fields.CharField(max_length=20, null=True)
    city = fields.CharField(max_length=200)
    country = fields.CharField(max_length=2)
    phone = fields.CharField(max_length=40, null=True)
    country_area = fields.CharField(max_length=200, null=True)
    company = fields.CharField(max_length=200, null=True)
    is_default = fields.BooleanField(db_default=False)
    is_default_billing = fields.BooleanField(db_default=False)
    created_at = fields.DatetimeField(db_default=_NOW)

    class Meta:
        table = "addresses"
        app = "users"


class Session(Model):
    """One log-in and all the refresh tokens that follow from it; once ended, none of them is worth anything."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("users.User", on_delete=fields.CASCADE)
    created_at = fields.DatetimeField(db_default=_NOW)
    last_used_at = fields.DatetimeField(db_default=_NOW)
    ended_at = fields.DatetimeField(null=True)
    device = fields.CharField(max_length=200, null=True)
    place = fields.CharField(max_length=45, null=True)
    client_id = fields.UUIDField(null=True)
    scope = fields.TextField(db_default="")

    class Meta:
        table = "sessions"
        app = "users"


class RefreshToken(Model):
    """A refresh token, known by its hash alone."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField("users.Session", on_delete=fields.CASCADE)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    sealed_successor = fields.BinaryField(null=True)

    class Meta:
        table = "refresh_tokens"
        app = "users"


class MailedLink(Model):
    """A link that was mailed, known by a hash of what it holds; once ended it is worth nothing."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("users.User", on_delete=fields.CASCADE)
    purpose = fields.CharField(max_length=20)
    email = fields.CharField(max_length=254)
    comparable_email = fields.CharField(max_length=254)
    holder = fields.UUIDField(unique=True)
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_default=_NOW)

    class Meta:
        table = "mailed_links"
        app = "users"


class ResetRequest(Model):
    """Somebody has forgotten the password of an account that this address may have; removed when it was answered."""

    id = fields.UUIDField(primary_key=True)
    comparable_email = fields.CharField(max_length=254)

    class Meta:
        table = "reset_requests"


class OAuthClient(Model):
    """A client of the OpenID provider. Lists are words with blanks between, as the protocol writes them."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=100)
    secret_hash = fields.CharField(max_length=64, null=True)
    redirect_uris = fields.TextField()
    post_logout_redirect_uris = fields.TextField()
    scopes = fields.TextField()
    is_public = fields.BooleanField()
    created_at = fields.DatetimeField(db_default=_NOW)
    removed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "oauth_clients"
        app = "users"


class AuthorizationCode(Model):
    """An authorization code, known by its hash alone; once used, with the session that it was exchanged for."""

    code_hash = fields.CharField(max_length=64, primary_key=True)
    client: fields.ForeignKeyRelation[OAuthClient] = fields.ForeignKeyField(
        "users.OAuthClient", on_delete=fields.CASCADE
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("users.User", on_delete=fields.CASCADE)
    redirect_uri = fields.TextField()
    scope = fields.TextField()
    code_challenge = fields.CharField(max_length=128)
    nonce = fields.TextField(null=True)
    authenticated_at = fields.DatetimeField(db_default=_NOW)
    used_at = fields.DatetimeField(null=True)
    session_id = fields.UUIDField(null=True)

    class Meta:
        table = "authorization_codes"
        app = "users"


class MachineSession(Model):
    """What one access token of a machine opens, until it ends."""

    id = fields.UUIDField(primary_key=True)
    client: fields.ForeignKeyRelation[OAuthClient] = fields.ForeignKeyField(
        "users.OAuthClient", on_delete=fields.CASCADE
    )
    created_at = fields.DatetimeField(db_default=_NOW)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "machine_sessions"
        app = "users"
