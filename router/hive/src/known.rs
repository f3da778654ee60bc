//! Documents that were looked at: most requests send one that was sent before.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use guards::aliases::{self, Renaming};
use guards::document::{edited, Condition, Edit, Operation};
use guards::introspection::{self, Rewriting};
use guards::literals::{self, Literals};
use guards::{measure, misplaced, Document, Limits, Refusal, Schema};
use hive_router::graphql_tools::static_graphql::query::Document as Parsed;
use hive_router::graphql_tools::validation::utils::ValidationError;
use hive_router::query_planner::utils::parsing::safe_parse_operation;

/// How much of documents is remembered, and of one, in bytes of their text; what is known of them is some forty times as long.
const MOST: usize = 512 * 1024;
const LENGTH: usize = 8 * 1024;

/// A document within the limits.
pub struct Known {
    pub document: Document,
    /// The document as the planner gets it, where it does not ask about the schema.
    text: String,
    /// What it takes to write it for the planner, where it does.
    asking: Option<Asking>,
    /// The document as the client wrote it, but for its values; where the planner gets another.
    pub original: Option<String>,
    /// The client's aliases by the names that the planner gets.
    pub originals: HashMap<String, String>,
    /// Variables that conditions stand for.
    pub conditions: HashSet<String>,
    /// Each fragment's as often as it is used, of all operations.
    pub fields: u64,
    mistakes: OnceLock<(u64, Mistakes)>,
}

/// What validation finds in a document.
pub type Mistakes = Arc<Vec<ValidationError>>;

struct Asking {
    /// The document as the client wrote it.
    text: String,
    edits: Vec<Edit>,
    prefix: String,
}

impl Known {
    fn new(text: &str, limits: &Limits, schema: &Schema) -> Result<Self, Refusal> {
        let mut document = Document::parse(text, limits)?;
        let fields = measure::check(&document, text, limits)?;
        misplaced::check(&document, text, schema)?;
        let Literals { edits, conditions } = literals::check(&document, text, schema)?;
        document.values.extend(edits);
        let Renaming { edits, mut originals } = aliases::find(&document, text, schema);
        let places = introspection::places(&document);
        let original = (places > 0 || !edits.is_empty()).then(|| edited(text, document.values.clone()));
        let edits: Vec<Edit> = document.values.iter().cloned().chain(edits).collect();
        if places == 0 {
            let text = edited(text, edits);
            return Ok(Self { text, asking: None, document, original, originals, conditions, fields, mistakes: OnceLock::new() });
        }
        let prefix = aliases::unused_prefix(text);
        originals.extend((0..=places).map(|place| (introspection::hidden(&prefix, place), String::new())));
        let interfaces = introspection::keys_of_interfaces(&document).into_iter();
        originals.extend(interfaces.map(|key| (introspection::kind_beside(&prefix, key), String::new())));
        let asking = Some(Asking { text: text.into(), edits, prefix });
        Ok(Self { text: String::new(), asking, document, original, originals, conditions, fields, mistakes: OnceLock::new() })
    }

    /// The mistakes of the document as the client wrote it, where the planner gets another: an alias that is renamed no longer
    /// contradicts the field of its name. They are looked for once; the hash says by which schema.
    pub fn mistakes(&self, schema_hash: u64, validate: impl FnOnce(&Parsed) -> Vec<ValidationError>) -> Option<Mistakes> {
        let original = self.original.as_deref()?;
        match self.mistakes.get() {
            Some((hash, known)) if *hash == schema_hash => Some(Arc::clone(known)),
            _ => {
                let found = Arc::new(validate(&safe_parse_operation(original).ok()?));
                let _ = self.mistakes.set((schema_hash, Arc::clone(&found)));
                Some(found)
            }
        }
    }

    /// What the names of members that only we asked for begin with, in a document that asks about the schema.
    pub fn prefix(&self) -> Option<&str> {
        self.asking.as_ref().map(|asking| asking.prefix.as_str())
    }

    /// The document as the planner gets it for an operation under conditions.
    pub fn text_for(&self, operation: &Operation, applies: &dyn Fn(&[Condition]) -> bool) -> String {
        let Some(Asking { text, edits, prefix }) = &self.asking else { return self.text.clone() };
        let names = self.originals.iter().map(|(name, alias)| (alias.as_str(), name.as_str())).collect();
        let rewriting = Rewriting { document: &self.document, text, prefix, names: &names, applies };
        edited(text, rewriting.edits(operation, edits))
    }
}

#[derive(Default)]
pub struct Documents {
    known: Mutex<Remembered>,
}

#[derive(Default)]
struct Remembered {
    documents: HashMap<String, Arc<Known>>,
    bytes: usize,
}

impl Documents {
    /// The document of this text.
    ///
    /// # Errors
    /// LIMIT_EXCEEDED or BAD_USER_INPUT.
    pub fn look_at(&self, text: &str, limits: &Limits, schema: &Schema) -> Result<Arc<Known>, Refusal> {
        if let Some(known) = self.lock().documents.get(text) {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(Known::new(text, limits, schema)?);
        if text.len() <= LENGTH {
            self.remember(text, &known);
        }
        Ok(known)
    }

    fn remember(&self, text: &str, document: &Arc<Known>) {
        let mut known = self.lock();
        if known.bytes > MOST {
            *known = Remembered::default();
        }
        known.bytes += text.len();
        known.documents.insert(text.into(), Arc::clone(document));
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
