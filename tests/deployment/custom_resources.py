"""What we use of custom resources, as their projects document it.

It is stricter, since a field that we do not use is rejected. The projects' own definitions are in no package,
so that these stand for them: statically, and as definitions in a test's cluster.
"""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
TEXTS: Schema = {"type": "array", "items": TEXT}
DURATION: Schema = {"type": "string", "pattern": "^([0-9]+(h|m|s))+$"}
MAP_OF_TEXT: Schema = {"type": "object", "additionalProperties": TEXT}


def closed(*required: str, **properties: Schema) -> Schema:
    """An object of these fields and no others."""
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False}


def list_of(item: Schema) -> Schema:
    """A list that is not empty."""
    return {"type": "array", "items": item, "minItems": 1}


SELECTOR = closed(
    matchLabels=MAP_OF_TEXT,
    matchExpressions=list_of(
        closed("key", "operator", "values", key=TEXT, operator={"type": "string", "enum": ["In"]}, values=TEXTS)
    ),
)
# https://cert-manager.io/docs/reference/api-docs/
CERTIFICATE = closed(
    "secretName",
    "issuerRef",
    secretName=TEXT,
    commonName=TEXT,
    dnsNames=TEXTS,
    isCA={"type": "boolean"},
    duration=DURATION,
    renewBefore=DURATION,
    usages={"type": "array", "items": {"type": "string", "enum": ["digital signature", "server auth", "client auth"]}},
    privateKey=closed(
        algorithm={"type": "string", "enum": ["RSA", "ECDSA", "Ed25519"]},
        size=NUMBER,
        rotationPolicy={"type": "string", "enum": ["Never", "Always"]},
    ),
    issuerRef=closed("name", name=TEXT, kind={"type": "string", "enum": ["Issuer", "ClusterIssuer"]}, group=TEXT),
)
ISSUER = closed(selfSigned=closed(), ca=closed("secretName", secretName=TEXT))
# https://keda.sh/docs/latest/reference/scaledobject-spec/ and /scalers/apache-kafka/
SCALED_OBJECT = closed(
    "scaleTargetRef",
    "triggers",
    scaleTargetRef=closed("name", name=TEXT),
    minReplicaCount=NUMBER,
    maxReplicaCount=NUMBER,
    pollingInterval=NUMBER,
    cooldownPeriod=NUMBER,
    fallback=closed("failureThreshold", "replicas", failureThreshold=NUMBER, replicas=NUMBER),
    triggers=list_of(
        closed(
            "type",
            "metadata",
            type={"type": "string", "enum": ["kafka"]},
            metadata=closed(
                "bootstrapServers",
                "consumerGroup",
                "lagThreshold",
                bootstrapServers=TEXT,
                consumerGroup=TEXT,
                lagThreshold=TEXT,
            ),
        )
    ),
)
# https://prometheus-operator.dev/docs/api-reference/api/
POD_MONITOR = closed(
    "selector",
    "podMetricsEndpoints",
    selector=SELECTOR,
    podMetricsEndpoints=list_of(
        closed(
            port=TEXT,
            interval=DURATION,
            relabelings=list_of(closed(sourceLabels=TEXTS, targetLabel=TEXT, replacement=TEXT)),
        )
    ),
)

SPECIFICATIONS: dict[tuple[str, str], Schema] = {
    ("cert-manager.io/v1", "Certificate"): CERTIFICATE,
    ("cert-manager.io/v1", "Issuer"): ISSUER,
    ("keda.sh/v1alpha1", "ScaledObject"): SCALED_OBJECT,
    ("monitoring.coreos.com/v1", "PodMonitor"): POD_MONITOR,
}


def definitions() -> list[dict[str, Any]]:
    """The same as definitions that an API server takes."""
    return [_definition(api_version, kind, schema) for (api_version, kind), schema in SPECIFICATIONS.items()]


def _definition(api_version: str, kind: str, schema: Schema) -> dict[str, Any]:
    group, version = api_version.split("/")
    plural = f"{kind.lower()}s"
    whole = {"type": "object", "properties": {"spec": _structural(schema)}}
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": whole}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural},
            "versions": [served],
        },
    }


def _structural(schema: Any) -> Any:
    """Without additionalProperties: false.

    An API server's strict validation means it anyway, and its schemas may not say it.
    """
    if isinstance(schema, dict):
        return {
            key: _structural(value) for key, value in schema.items() if (key, value) != ("additionalProperties", False)
        }
    return [_structural(each) for each in schema] if isinstance(schema, list) else schema
