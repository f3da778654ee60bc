//! What the hooks know of a request while it is answered.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use guards::media::Answer;
use guards::{denials, Schema};
use hive_router::plugins::plugin_context::PluginContext;

use crate::known::Known;

pub struct Exchange {
    pub answer: Answer,
    pub started: Instant,
    pub document: OnceLock<Arc<Known>>,
    /// Which of the document's operations is run.
    pub operation: OnceLock<usize>,
    /// Told in `extensions` where the client asked for it.
    pub cost: OnceLock<u64>,
    pub is_anonymous: AtomicBool,
    pub has_data: AtomicBool,
    pub errors: AtomicU32,
    /// What a hook refused the request for, where the hook can't answer with headers.
    pub headers: OnceLock<Vec<(&'static str, &'static str)>>,
}

impl Exchange {
    pub fn new(answer: Answer) -> Self {
        Self {
            answer,
            started: Instant::now(),
            document: OnceLock::new(),
            operation: OnceLock::new(),
            cost: OnceLock::new(),
            is_anonymous: AtomicBool::new(true),
            has_data: AtomicBool::new(false),
            errors: AtomicU32::new(0),
            headers: OnceLock::new(),
        }
    }

    /// Whether a denial of the field at the end of the keys makes the one at the index null.
    pub fn denial_empties(&self, schema: &Schema, keys: &[&str], index: usize) -> bool {
        let (Some(known), Some(operation)) = (self.document.get(), self.operation.get()) else { return true };
        let own: Vec<&str> = keys.iter().map(|key| known.originals.get(*key).map_or(*key, String::as_str)).collect();
        denials::empties(&known.document, &known.document.operations[*operation], schema, &own, index)
    }

    /// How it ended, for the metrics.
    pub fn outcome(&self) -> &'static str {
        match (self.errors.load(Ordering::Relaxed), self.has_data.load(Ordering::Relaxed)) {
            (0, _) => "ok",
            (_, true) => "partial",
            (_, false) => "failed",
        }
    }
}

/// The exchange that a hook belongs to; none for what the door let pass, such as probes.
pub fn of(context: &PluginContext) -> Option<Arc<Exchange>> {
    context.get_ref::<Arc<Exchange>>().map(|found| Arc::clone(&found))
}
