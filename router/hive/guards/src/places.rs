//! The places that stay empty when a subgraph does not answer.

use crate::document::{Document, Field, Selection};
use crate::Limits;

/// A place within a subgraph's answer: a root field, or a field of the first of the entities that it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Root(String),
    /// The key of `_entities`, and the field's.
    Entity(String, String),
}

/// The places that a query of ours to a subgraph asks for. One a field is enough: a list of a hundred products needs no
/// hundred errors.
pub fn asked(query: &str, limits: &Limits) -> Vec<Place> {
    let unbounded = Limits { tokens: usize::MAX, document_nesting: 1_000, ..limits.clone() };
    let Ok(document) = Document::parse(query, &unbounded) else { return Vec::new() };
    let Some(operation) = document.operations.first() else { return Vec::new() };
    fields(&document, &operation.selections).into_iter().flat_map(|field| places(&document, field)).collect()
}

fn places(document: &Document, field: &Field) -> Vec<Place> {
    let key = field.key().to_string();
    if field.name != "_entities" {
        return vec![Place::Root(key)];
    }
    let inner = fields(document, &field.selections).into_iter().map(|inner| inner.key().to_string());
    inner.map(|inner| Place::Entity(key.clone(), inner)).collect()
}

fn fields<'a>(document: &'a Document, selections: &'a [Selection]) -> Vec<&'a Field> {
    let each = |selection: &'a Selection| match selection {
        Selection::Field(field) if field.name == "__typename" => Vec::new(),
        Selection::Field(field) => vec![field],
        Selection::Inline { selections, .. } => fields(document, selections),
        // Queries to subgraphs have fragments of their own, which never go round.
        Selection::Spread { name, .. } => {
            document.fragment(name).map_or_else(Vec::new, |index| fields(document, &document.fragments[index].selections))
        }
    };
    selections.iter().flat_map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_fields_and_fields_of_the_first_entity_are_asked_for() {
        let limits = Limits::committed();
        let root = |key: &str| Place::Root(key.into());
        assert_eq!(asked("query ($a: ID) { b: cart(id: $a) { id } __typename order { id } }", &limits), [root("b"), root("order")]);
        let entities = "query ($r: [_Any!]!) { _e0: _entities(representations: $r) { ... on V { __typename stock { a } ...F } } } fragment F on V { c: b }";
        assert_eq!(
            asked(entities, &limits),
            [Place::Entity("_e0".into(), "stock".into()), Place::Entity("_e0".into(), "c".into())]
        );
    }
}
