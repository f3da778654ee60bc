//! How much of documents Hive Router remembers: it bounds its caches by entries alone, and one entry may be a thousand times another.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hive_router::tokio;
use hive_router::{RouterSharedState, SchemaState};

/// How many fields of documents may be remembered, each fragment as often as it is used: one takes some 700 bytes in all caches.
const MOST: u64 = 150_000;
/// What a document takes beside its fields, as a number of fields.
const DOCUMENT: u64 = 50;

static CACHES: OnceLock<(Arc<RouterSharedState>, Arc<SchemaState>)> = OnceLock::new();

/// Has these caches emptied when they hold too much.
pub fn watch(shared: &Arc<RouterSharedState>, schema: &Arc<SchemaState>) {
    let _ = CACHES.set((Arc::clone(shared), Arc::clone(schema)));
}

/// What the caches hold, about.
#[derive(Default)]
pub struct Memory {
    hasher: RandomState,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    texts: HashSet<u64>,
    fields: u64,
}

impl Memory {
    /// Counts what Hive Router is about to remember of an operation of a document, and has it forget all when that is too much.
    pub fn count(&self, text: &str, operation: Option<&str>, fields: u64) {
        let key = self.hasher.hash_one((text, operation));
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.texts.insert(key) {
            return;
        }
        held.fields += fields + DOCUMENT;
        if held.fields > MOST {
            *held = Held::default();
            forget();
        }
    }
}

fn forget() {
    let Some((shared, schema)) = CACHES.get() else { return };
    let parsed = shared.parse_cache.clone();
    parsed.invalidate_all();
    tokio::spawn(async move { parsed.run_pending_tasks().await });
    schema.for_each_runtime(|runtime| {
        let (mistakes, normal, plans) =
            (runtime.validate_cache.clone(), runtime.normalize_cache.clone(), runtime.plan_cache.clone());
        mistakes.invalidate_all();
        normal.invalidate_all();
        plans.invalidate_all();
        tokio::spawn(async move {
            mistakes.run_pending_tasks().await;
            normal.run_pending_tasks().await;
            plans.run_pending_tasks().await;
        });
    });
}
