//! Fields that not everybody may see. The planner drops what is denied: a selection of nothing else must not become empty, and
//! a null is a denied field's only where the schema lets it come from there.

use crate::document::{Document, Field, Operation, Selection};
use crate::schema::FieldType;
use crate::Schema;

/// Where selections begin of which nothing is left without what is denied, as bytes behind their brackets. An operation's own
/// may become empty.
pub fn bare_selections(document: &Document, schema: &Schema) -> Vec<usize> {
    let mut bare = Vec::new();
    for operation in &document.operations {
        let Some(root) = schema.root(operation.kind) else { continue };
        search(&operation.selections, root, schema, &mut bare);
    }
    for fragment in &document.fragments {
        if !is_root(&fragment.condition, schema) {
            note(&fragment.selections, &fragment.condition, fragment.inside, schema, &mut bare);
        }
        search(&fragment.selections, &fragment.condition, schema, &mut bare);
    }
    bare
}

fn is_root(type_name: &str, schema: &Schema) -> bool {
    type_name == schema.query || Some(type_name) == schema.mutation.as_deref()
}

fn search(selections: &[Selection], parent: &str, schema: &Schema, bare: &mut Vec<usize>) {
    for selection in selections {
        match selection {
            Selection::Spread { .. } => (),
            Selection::Inline { condition, selections, inside, .. } => {
                let parent = condition.as_deref().unwrap_or(parent);
                if !is_root(parent, schema) {
                    note(selections, parent, *inside, schema, bare);
                }
                search(selections, parent, schema, bare);
            }
            Selection::Field(field) => {
                let Some(rule) = rule(field, parent, schema) else { continue };
                note(&field.selections, &rule.type_name, field.inside, schema, bare);
                search(&field.selections, &rule.type_name, schema, bare);
            }
        }
    }
}

fn note(selections: &[Selection], parent: &str, inside: usize, schema: &Schema, bare: &mut Vec<usize>) {
    let fields =
        || selections.iter().filter_map(|selection| if let Selection::Field(field) = selection { Some(field) } else { None });
    let is_guarded = |field: &Field| rule(field, parent, schema).is_some_and(|rule| rule.is_guarded);
    let stays = |field: &Field| field.conditions.is_empty() && field.selections.is_empty() && !is_guarded(field);
    if fields().any(is_guarded) && !fields().any(stays) {
        bare.push(inside);
    }
}

fn rule<'a>(field: &Field, parent: &str, schema: &'a Schema) -> Option<&'a FieldType> {
    schema.types.get(parent)?.fields.get(&field.name)
}

/// Whether a denial of the field at the end of the keys makes the one at `index` null: whether none between them may be null.
pub fn empties(document: &Document, operation: &Operation, schema: &Schema, keys: &[&str], index: usize) -> bool {
    let Some(mut parent) = schema.root(operation.kind) else { return true };
    let mut selections = vec![operation.selections.as_slice()];
    for (position, key) in keys.iter().enumerate() {
        let mut found = Vec::new();
        selections.iter().for_each(|selections| collect(document, selections, parent, key, schema, &mut found));
        let Some((_, rule)) = found.first() else { return true };
        if position > index && !rule.is_non_null {
            return false;
        }
        parent = &rule.type_name;
        selections = found.iter().map(|(field, _)| field.selections.as_slice()).collect();
    }
    true
}

fn collect<'a>(
    document: &'a Document,
    selections: &'a [Selection],
    parent: &str,
    key: &str,
    schema: &'a Schema,
    found: &mut Vec<(&'a Field, &'a FieldType)>,
) {
    for selection in selections {
        match selection {
            Selection::Field(field) if field.key() == key => found.extend(rule(field, parent, schema).map(|rule| (field, rule))),
            Selection::Field(_) => (),
            Selection::Inline { condition, selections, .. } => {
                collect(document, selections, condition.as_deref().unwrap_or(parent), key, schema, found);
            }
            Selection::Spread { name, .. } => {
                let Some(index) = document.fragment(name) else { continue };
                let fragment = &document.fragments[index];
                collect(document, &fragment.selections, &fragment.condition, key, schema, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Type;
    use crate::Limits;

    fn field(type_name: &str, is_non_null: bool, is_guarded: bool) -> FieldType {
        FieldType { type_name: type_name.into(), is_non_null, is_guarded, ..FieldType::default() }
    }

    fn schema() -> Schema {
        let object = |fields: Vec<(&str, FieldType)>| Type {
            weight: 1.0,
            fields: fields.into_iter().map(|(name, rule)| (name.into(), rule)).collect(),
        };
        let types = [
            ("Query", object(vec![("me", field("User", false, true)), ("variant", field("Variant", false, false))])),
            ("User", object(vec![("name", field("String", true, false))])),
            (
                "Variant",
                object(vec![
                    ("sku", field("String", true, false)),
                    ("levels", field("Level", true, true)),
                    ("policy", field("Level", false, true)),
                ]),
            ),
            ("Level", object(vec![("id", field("ID", true, false))])),
        ];
        Schema {
            query: "Query".into(),
            types: types.into_iter().map(|(name, found)| (name.into(), found)).collect(),
            ..Schema::default()
        }
    }

    fn bare(text: &str) -> usize {
        bare_selections(&Document::parse(text, &Limits::committed()).unwrap(), &schema()).len()
    }

    #[test]
    fn selections_of_guarded_fields_alone_are_bare() {
        assert_eq!(bare("{ variant { levels { id } } }"), 1);
        assert_eq!(bare("{ variant { ...F } } fragment F on Variant { levels { id } ... { policy { id } } }"), 2);
        assert_eq!(bare("{ variant { sku @include(if: true) levels { id } } }"), 1);
        assert_eq!(bare("{ variant { sku levels { id } } }"), 0);
        assert_eq!(bare("{ me { name } ...F } fragment F on Query { me { name } }"), 0);
    }

    #[test]
    fn a_null_comes_from_a_denial_where_nothing_between_them_may_be_null() {
        let document =
            Document::parse("{ a: variant { ...F } } fragment F on Variant { levels { id } policy { id } }", &Limits::committed())
                .unwrap();
        let empties = |keys: &[&str], index| empties(&document, &document.operations[0], &schema(), keys, index);
        assert!(empties(&["a", "levels"], 0));
        assert!(!empties(&["a", "policy"], 0));
        assert!(empties(&["a", "policy"], 1));
    }
}
