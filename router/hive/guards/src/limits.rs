//! The numbers of `router/limits.json`, which the Node router reads too.

use serde::Deserialize;

/// What one request may ask for; `docs/frontend/limits.md` says what each number means.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    pub body_bytes: usize,
    pub connections_per_client: usize,
    pub nesting: usize,
    pub values: usize,
    pub object_keys: usize,
    pub key_characters: usize,
    pub tokens: usize,
    pub document_nesting: usize,
    pub depth: u64,
    pub aliases: u64,
    pub fields: u64,
    pub selections: u64,
    pub mutations: u64,
    pub introspections: u64,
    pub cost: u64,
    pub errors: usize,
}

impl Limits {
    /// The limits of the repository.
    ///
    /// # Panics
    /// When the file is not what this crate was built for, which a test finds.
    pub fn committed() -> Self {
        serde_json::from_str(include_str!("../../../limits.json")).expect("limits.json has every limit")
    }
}
