"""What Kubernetes says of a pod, in the words of these tests."""

from dataclasses import dataclass

from tests.cluster.kubectl import JsonObject

_HOPELESS = ("ErrImageNeverPull", "InvalidImageName")


@dataclass(frozen=True)
class Pod:
    """A pod as it was when it was asked for."""

    object: JsonObject

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.object["metadata"]["name"])

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        found: dict[str, str] = self.object["metadata"].get("labels", {})
        return found

    @property
    def workload(self) -> str:
        """Whom it belongs to, such as ``orders-serve``."""
        name, component = (self.labels.get(f"app.kubernetes.io/{key}", "") for key in ("name", "component"))
        return f"{name}-{component}" if component in ("serve", "work", "migrate", "seed") else name

    @property
    def node(self) -> str:
        """The node it is on, or empty."""
        return str(self.object["spec"].get("nodeName", ""))

    @property
    def address(self) -> str:
        """Its IP address, or empty."""
        return str(self.object["status"].get("podIP", ""))

    @property
    def image(self) -> str:
        """What its container was to be made of."""
        return str(self.object["spec"]["containers"][0]["image"])

    @property
    def is_leaving(self) -> bool:
        """Whether it is being ended."""
        return "deletionTimestamp" in self.object["metadata"]

    @property
    def is_over(self) -> bool:
        """Whether it has done what it was for, or never will."""
        return self.object["status"].get("phase") in ("Succeeded", "Failed")

    @property
    def is_ready(self) -> bool:
        """Whether it takes traffic."""
        conditions = {found["type"]: found["status"] for found in self.object["status"].get("conditions", ())}
        return conditions.get("Ready") == "True" and not self.is_leaving

    @property
    def restarts(self) -> int:
        """How often its container was started again."""
        return sum(found["restartCount"] for found in self.object["status"].get("containerStatuses", ()))

    @property
    def trouble(self) -> str:
        """Why its container does not run, such as ``ErrImagePull``; empty when it does."""
        reasons = [state.get("reason", kind) for kind, state in self._stopped()]
        return " ".join(reasons)

    @property
    def has_no_image(self) -> bool:
        """Whether its image is nowhere to be had; one that could not be pulled just now is tried again."""
        return any(
            "not found" in state.get("message", "") or state.get("reason") in _HOPELESS for _, state in self._stopped()
        )

    def _stopped(self) -> list[tuple[str, JsonObject]]:
        states = [found.get("state", {}) for found in self.object["status"].get("containerStatuses", ())]
        return [(kind, state[kind]) for state in states for kind in ("waiting", "terminated") if kind in state]
