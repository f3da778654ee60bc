"""Every object of every overlay is what the API's schema says, without a field that it does not know."""

import jsonschema
import kubernetes_validate
import pytest

from tests.deployment.custom_resources import SPECIFICATIONS
from tests.deployment.manifests import LIVE, OVERLAYS, Manifest, container, named, of_kind, overlay

VERSION = "1.34"


def validate(manifest: Manifest) -> None:
    """Strictly; raises what says which field is wrong."""
    specification = SPECIFICATIONS.get((manifest["apiVersion"], manifest["kind"]))
    if specification is None:
        kubernetes_validate.validate(manifest, VERSION, strict=True)
    else:
        jsonschema.validate(manifest["spec"], specification)


@pytest.mark.parametrize("name", OVERLAYS)
def test_objects_are_what_the_schema_says(name: str) -> None:
    for each in overlay(name):
        validate(each)


@pytest.mark.parametrize("name", LIVE)
def test_custom_resources_are_checked_too(name: str) -> None:
    found = {(each["apiVersion"], each["kind"]) for each in overlay(name)} & set(SPECIFICATIONS)
    assert {kind for _, kind in found} >= {"Certificate", "Issuer", "PodMonitor"}


def test_a_field_that_there_is_not_is_refused() -> None:
    workload = named(overlay("offline"), "Deployment", "orders-serve")
    container(workload)["readynessProbe"] = container(workload).pop("readinessProbe")
    with pytest.raises(kubernetes_validate.ValidationError, match="readynessProbe"):
        validate(workload)


def test_a_value_of_the_wrong_type_is_refused() -> None:
    service = named(overlay("offline"), "Service", "orders")
    service["spec"]["ports"][0]["port"] = "8080"
    with pytest.raises(kubernetes_validate.ValidationError, match="'8080'"):
        validate(service)


@pytest.mark.parametrize(
    ("kind", "mistake", "named_so"),
    [
        ("Certificate", {"renewBefor": "8h"}, "renewBefor"),
        ("Certificate", {"duration": "1 day"}, "1 day"),
        ("Issuer", {"ca": {}}, "secretName"),
        ("ScaledObject", {"maxReplicas": 6}, "maxReplicas"),
        ("PodMonitor", {"podMetricsEndpoints": [{"ports": "open"}]}, "ports"),
    ],
)
def test_a_custom_resource_with_a_mistake_is_refused(kind: str, mistake: Manifest, named_so: str) -> None:
    manifest = of_kind(overlay("production"), kind)[0]
    manifest["spec"] |= mistake
    with pytest.raises(jsonschema.ValidationError, match=named_so):
        validate(manifest)
