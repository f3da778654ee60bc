"""The alerts and dashboards name metrics that our code has, can be parsed, and fire when they should."""

import json
import shutil
import subprocess
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.helm import RejectedError, needs_helm, rendered
from tests.deployment.manifests import of_kind, overlay
from tests.deployment.metrics import series_of_code
from tests.deployment.promql import asked

pytestmark = needs_helm
_INSTALL_PROMTOOL = "go install -tags remove_all_sd github.com/prometheus/prometheus/cmd/promtool"
needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason=f"promtool is not on the PATH ({_INSTALL_PROMTOOL})"
)

OPERATOR = ("--api-versions", "monitoring.coreos.com/v1")
# What Prometheus itself, and kube-state-metrics, tell; and the labels that scraping adds.
FOREIGN = {
    "up": {"namespace", "pod", "app", "component", "job"},
    "kube_pod_status_ready": {"namespace", "pod", "condition"},
    "kube_pod_status_phase": {"namespace", "pod", "phase"},
    "kube_job_status_failed": {"namespace", "job_name"},
}
SCRAPED = {"namespace", "pod", "app", "component", "job"}
KNOWN = {name: labels | SCRAPED for name, labels in series_of_code().items()} | FOREIGN


@cache
def _objects() -> list[dict[str, Any]]:
    return rendered("monitoring")


def _data(name: str) -> str:
    """The only value of a ConfigMap, or of the one of Prometheus its rules."""
    [found] = [each for each in _objects() if each["metadata"]["name"] == name]
    return str(found["data"].get("rules.yaml") or next(iter(found["data"].values())))


def _alerts() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(_data("mercato-prometheus"))["groups"] for rule in group["rules"]]


def _dashboards() -> list[dict[str, Any]]:
    names = [each["metadata"]["name"] for each in _objects() if "grafana_dashboard" in each["metadata"]["labels"]]
    return [json.loads(_data(name)) for name in names]


def _expressions() -> list[tuple[str, str]]:
    """Every expression, with where it is."""
    of_panels = [
        (f"{dashboard['title']}: {panel['title']}", target["expr"])
        for dashboard in _dashboards()
        for panel in dashboard["panels"]
        for target in panel["targets"]
    ]
    return [(alert["alert"], alert["expr"]) for alert in _alerts()] + of_panels


def _complaints(where: str, expression: str) -> list[str]:
    found = asked(expression)
    unknown = [f"{where}: our code has no metric {name}" for name, _ in found.series if name not in KNOWN]
    labels = set().union(*(KNOWN.get(name, set()) for name, _ in found.series))
    selected = [
        f"{where}: {name} has no label {label}" for name, by in found.series for label in by - KNOWN.get(name, by)
    ]
    return (
        unknown + selected + [f"{where}: nothing it asks for has the label {label}" for label in found.grouped - labels]
    )


def test_every_alert_and_panel_asks_for_metrics_and_labels_that_our_code_has() -> None:
    complaints = [complaint for where, expression in _expressions() for complaint in _complaints(where, expression)]
    assert not complaints, "\n".join(complaints)
    assert len(_expressions()) > 50


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("rate(mercato_orders_plcaed_total[5m]) > 0", "our code has no metric mercato_orders_plcaed_total"),
        ('mercato_outbox_unsent{topic="x"} > 0', "mercato_outbox_unsent has no label topic"),
        ("sum by (subgraph) (mercato_outbox_unsent)", "nothing it asks for has the label subgraph"),
    ],
)
def test_an_unknown_metric_or_label_is_noticed(expression: str, complaint: str) -> None:
    assert _complaints("here", expression) == [f"here: {complaint}"]


def test_every_metric_of_our_code_is_on_a_dashboard() -> None:
    shown = {name for _, expression in _expressions() for name, _ in asked(expression).series}
    families = {name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in series_of_code()}
    assert {family for family in families if not any(name.startswith(family) for name in shown)} == set()


def test_alerts_say_what_happened_and_what_to_do() -> None:
    for alert in _alerts():
        assert alert["alert"].startswith("Mercato")
        assert alert["labels"]["severity"] in ("critical", "warning")
        assert set(alert["annotations"]) == {"summary", "description"}
        assert all(alert["annotations"].values())


def test_panels_of_a_dashboard_do_not_lie_on_each_other() -> None:
    for dashboard in _dashboards():
        places = [panel["gridPos"] for panel in dashboard["panels"]]
        assert len({panel["id"] for panel in dashboard["panels"]}) == len(places)
        assert not [(a, b) for a, b in combinations(places, 2) if (a["x"], a["y"]) == (b["x"], b["y"])]
        assert all(place["x"] + place["w"] <= 24 for place in places)


def test_the_operator_gets_the_rules_that_a_plain_prometheus_gets() -> None:
    objects = rendered("monitoring", *OPERATOR, "--set", "scrape.podMonitors=true")
    [rule] = [each for each in objects if each["kind"] == "PrometheusRule"]
    assert rule["spec"] == yaml.safe_load(_data("mercato-prometheus"))
    assert [each["metadata"]["name"] for each in objects if each["kind"] == "PodMonitor"] == [
        "mercato",
        "mercato-router",
    ]
    assert not [each for each in objects if each["metadata"]["name"] == "mercato-prometheus"]


def test_a_router_without_metrics_is_neither_scraped_nor_watched() -> None:
    objects = rendered("monitoring", *OPERATOR, "--set", "scrape.router=false,scrape.podMonitors=true")
    assert [each["metadata"]["name"] for each in objects if each["kind"] == "PodMonitor"] == ["mercato"]
    [rule] = [each for each in objects if each["kind"] == "PrometheusRule"]
    assert "router_" not in json.dumps(rule)


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("delivery=magic", "delivery"),
        ("alerts.thresholds.errorShare=2", "errorShare"),
        ("alerts.thresholds.outboxLag=5", "outboxLag"),
        ("scrape.interval=often", "interval"),
        ("meshNamespace=Mercato", "meshNamespace"),
    ],
)
def test_values_that_make_no_sense_are_refused(setting: str, named: str) -> None:
    with pytest.raises(RejectedError, match=named):
        rendered("monitoring", "--set", setting)


@needs_promtool
def test_each_alert_fires_when_it_should_and_none_when_all_is_well(tmp_path: Path) -> None:
    cases = yaml.safe_load((Path(__file__).parent / "alerts.yaml").read_text(encoding="utf-8"))
    assert set(cases) == {alert["alert"] for alert in _alerts()} | {"nothing"}
    (tmp_path / "rules.yaml").write_text(_data("mercato-prometheus"), encoding="utf-8")
    tests = [_case(name, case) for name, case in cases.items()]
    (tmp_path / "tests.yaml").write_text(
        yaml.safe_dump({"rule_files": ["rules.yaml"], "tests": tests}), encoding="utf-8"
    )
    done = subprocess.run(
        ["promtool", "test", "rules", tmp_path / "tests.yaml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _case(name: str, case: dict[str, Any]) -> dict[str, Any]:
    """Of all alerts this one fires, once."""
    firing = [] if name == "nothing" else [{"labels": f'{{alertname="{name}"}}', "value": 1}]
    expected = {
        "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
        "eval_time": case["at"],
        "exp_samples": firing,
    }
    series = [{"series": each, "values": values} for each, values in case["series"].items()]
    return {"name": name, "interval": "1m", "input_series": series, "promql_expr_test": [expected]}


@needs_promtool
def test_prometheus_takes_the_files_of_the_config_map(tmp_path: Path) -> None:
    [found] = [each for each in _objects() if each["metadata"]["name"] == "mercato-prometheus"]
    for name, text in found["data"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = {"rule_files": ["rules.yaml"], "scrape_config_files": ["scrape.yaml"]}
    (tmp_path / "prometheus.yaml").write_text(yaml.safe_dump(names), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "check", "config", tmp_path / "prometheus.yaml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_pods_that_are_scraped_have_the_labels_that_alerts_ask_for_whoever_scrapes_them() -> None:
    objects = rendered("monitoring", *OPERATOR, "--set", "scrape.podMonitors=true") + of_kind(
        overlay("production"), "PodMonitor"
    )
    monitors = of_kind(objects, "PodMonitor")
    assert len(monitors) == 4
    for monitor in monitors:
        [endpoint] = monitor["spec"]["podMetricsEndpoints"]
        assert {each["targetLabel"] for each in endpoint["relabelings"]} == {"job", "app", "component"}
    [config] = [each for each in _objects() if each["metadata"]["name"] == "mercato-prometheus"]
    [job] = yaml.safe_load(config["data"]["scrape.yaml"])["scrape_configs"]
    assert {each.get("target_label") for each in job["relabel_configs"]} == {
        None,
        "namespace",
        "pod",
        "app",
        "component",
    }
    assert job["job_name"] == "mercato"
