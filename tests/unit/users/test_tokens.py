"""Keys, and the tokens signed with them."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from subgraphs.users.infrastructure.access_tokens import SignedTokens
from subgraphs.users.infrastructure.signing_keys import SigningKeys, load_signing_keys
from tests.fakes.users import a_session


def pem(key: ECKey, private: bool = True) -> str:
    return key.as_pem(private=private).decode()


def written(folder: Path, *blocks: str) -> Path:
    file = folder / "keys.pem"
    file.write_text("".join(blocks))
    return file


def new_key(curve: str = "P-256") -> ECKey:
    return ECKey.generate_key(curve)


def published(keys: SigningKeys) -> KeySet:
    return KeySet.import_key_set(keys.published())  # type: ignore[arg-type]


def test_a_key_is_known_by_its_thumbprint(tmp_path: Path) -> None:
    key = new_key()
    keys = load_signing_keys(written(tmp_path, pem(key)))
    assert keys.signer.kid == key.thumbprint()


def test_what_is_published_holds_no_secret(tmp_path: Path) -> None:
    key = new_key()
    (shown,) = load_signing_keys(written(tmp_path, pem(key))).published()["keys"]
    assert shown == {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}
    assert "d" not in shown


def test_after_a_rotation_tokens_of_both_keys_are_good_and_the_first_signs(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    before = SignedTokens(lambda: load_signing_keys(written(tmp_path, pem(old))), "mercato", "mercato")
    keys = load_signing_keys(written(tmp_path, pem(new), pem(old, private=False)))
    after = SignedTokens(lambda: keys, "mercato", "mercato")
    for issuer, kid in ((before, old.thumbprint()), (after, new.thumbprint())):
        decoded = jwt.decode(issuer.issue(a_session()).token, published(keys), algorithms=["ES256"])
        assert decoded.header["kid"] == kid


def test_a_token_holds_what_subgraphs_and_router_ask_for(tmp_path: Path) -> None:
    keys = load_signing_keys(written(tmp_path, pem(new_key())))
    issuer, session = SignedTokens(lambda: keys, "shop", "buyers"), a_session()
    token = issuer.issue(session)
    decoded = jwt.decode(token.token, published(keys), algorithms=["ES256"])
    claims = decoded.claims
    assert decoded.header["typ"] == "at+jwt"
    assert (claims["sid"], claims["auth_time"]) == (str(session.id), int(session.authenticated_at.timestamp()))
    assert (claims["iss"], claims["aud"], claims["sub"], claims["scope"]) == (
        "shop",
        "buyers",
        str(session.user_id),
        "",
    )
    assert claims["exp"] - claims["iat"] == 600
    assert claims["exp"] == token.expires_at.timestamp()
    assert claims["jti"] != jwt.decode(issuer.issue(session).token, published(keys), algorithms=["ES256"]).claims["jti"]


def test_scope_and_lifetime_can_be_chosen(tmp_path: Path) -> None:
    keys = load_signing_keys(written(tmp_path, pem(new_key())))
    token = SignedTokens(lambda: keys, "mercato", "mercato").issue(a_session(), "orders:refund", timedelta(seconds=5))
    claims = jwt.decode(token.token, published(keys), algorithms=["ES256"]).claims
    assert (claims["scope"], claims["exp"] - claims["iat"]) == ("orders:refund", 5)


def test_a_file_without_a_usable_key_is_rejected_with_the_reason(tmp_path: Path) -> None:
    of_rsa = (
        rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    )
    good = pem(new_key())
    for content, reason in (
        ("", "no PEM block"),
        ("not a key", "no PEM block"),
        (pem(new_key(), private=False), "no private key"),
        (pem(new_key("P-384")), "P-384"),
        (of_rsa, "no key of an elliptic curve"),
        (good.replace("M", "N", 1), "no key of an elliptic curve"),
        ("schlüssel", "no PEM file"),
    ):
        with pytest.raises(ValueError, match=reason):
            load_signing_keys(written(tmp_path, content))
    with pytest.raises(ValueError, match="can't be read"):
        load_signing_keys(tmp_path / "missing.pem")
