//! What is true of a request without a server: how large it may be, what it costs, and how it has to be written so that the
//! planner answers it right. Nothing here does more work than its input is long, whoever wrote the input.

pub mod aliases;
pub mod body;
pub mod cost;
pub mod denials;
pub mod document;
pub mod encoding;
pub mod introspection;
pub mod lexer;
pub mod limits;
pub mod literals;
pub mod measure;
pub mod media;
pub mod misplaced;
pub mod numbers;
pub mod parser;
pub mod places;
pub mod refusal;
pub mod rename;
pub mod scalars;
pub mod schema;
pub mod strings;

pub use document::Document;
pub use limits::Limits;
pub use refusal::{Code, Refusal};
pub use schema::Schema;
