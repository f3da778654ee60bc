//! What Prometheus is told, under the names that the Node router uses too.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[derive(Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<String, Durations>>,
    errors: Mutex<BTreeMap<String, u64>>,
    subgraph_requests: Mutex<BTreeMap<String, Durations>>,
}

#[derive(Default)]
struct Durations {
    /// How many took at most as long as each of [`SECONDS`].
    buckets: [u64; SECONDS.len()],
    count: u64,
    sum: f64,
}

impl Durations {
    fn add(&mut self, seconds: f64) {
        for (bucket, most) in self.buckets.iter_mut().zip(SECONDS) {
            *bucket += u64::from(seconds <= most);
        }
        self.count += 1;
        self.sum += seconds;
    }
}

impl Metrics {
    /// A GraphQL request was answered; `outcome` is ok, partial (data and errors) or failed (errors alone).
    pub fn request(&self, outcome: &str, took: Duration) {
        observe(&self.requests, outcome, took);
    }

    /// An error was told to a client.
    pub fn error(&self, code: &str) {
        let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        *errors.entry(code.into()).or_default() += 1;
    }

    /// A subgraph was asked, and answered or not.
    pub fn subgraph_request(&self, subgraph: &str, took: Duration) {
        observe(&self.subgraph_requests, subgraph, took);
    }

    /// All of it as Prometheus reads it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        write_durations(
            &mut text,
            "router_request_duration_seconds",
            "How long GraphQL requests took, by outcome: ok, partial (data and errors) or failed (errors alone).",
            "outcome",
            &self.requests,
        );
        text.push_str("# HELP router_errors_total Errors in answers, by extensions.code.\n# TYPE router_errors_total counter\n");
        for (code, count) in self.errors.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(text, "router_errors_total{{code=\"{code}\"}} {count}");
        }
        write_durations(
            &mut text,
            "router_subgraph_request_duration_seconds",
            "How long requests to subgraphs took.",
            "subgraph",
            &self.subgraph_requests,
        );
        text
    }
}

fn observe(durations: &Mutex<BTreeMap<String, Durations>>, label: &str, took: Duration) {
    let mut durations = durations.lock().unwrap_or_else(PoisonError::into_inner);
    match durations.get_mut(label) {
        Some(known) => known.add(took.as_secs_f64()),
        None => durations.entry(label.into()).or_default().add(took.as_secs_f64()),
    }
}

fn write_durations(text: &mut String, name: &str, help: &str, label: &str, durations: &Mutex<BTreeMap<String, Durations>>) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} histogram");
    for (value, Durations { buckets, count, sum }) in durations.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        for (bucket, most) in buckets.iter().zip(SECONDS) {
            let _ = writeln!(text, "{name}_bucket{{{label}=\"{value}\",le=\"{most}\"}} {bucket}");
        }
        let _ = writeln!(text, "{name}_bucket{{{label}=\"{value}\",le=\"+Inf\"}} {count}");
        let _ = writeln!(text, "{name}_sum{{{label}=\"{value}\"}} {sum}\n{name}_count{{{label}=\"{value}\"}} {count}");
    }
}
