"""gRPC's credentials from the certificates of this process."""

import grpc

from shared.security.tls import Identity, Tls


def server_credentials(tls: Tls) -> grpc.ServerCredentials:
    """For a server: clients need a certificate.

    gRPC asks before each handshake, so that each meets the files as they are then.
    """
    return grpc.dynamic_ssl_server_credentials(
        _configuration(tls.identity),
        _Changes(tls),  # type: ignore[arg-type]  # the stubs have no None, by which grpc understands "no change"
        require_client_authentication=True,
    )


def channel_credentials(identity: Identity) -> grpc.ChannelCredentials:
    """For a channel, which keeps them for as long as it lives."""
    return grpc.ssl_channel_credentials(identity.authorities, identity.key, identity.certificate)


class _Changes:
    """Answers gRPC with new certificates, or None while they are those that it has."""

    def __init__(self, tls: Tls) -> None:
        self._tls = tls
        self._known = tls.identity

    def __call__(self) -> grpc.ServerCertificateConfiguration | None:
        identity = self._tls.identity
        if identity is self._known:
            return None
        self._known = identity
        return _configuration(identity)


def _configuration(identity: Identity) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration([(identity.key, identity.certificate)], identity.authorities)
