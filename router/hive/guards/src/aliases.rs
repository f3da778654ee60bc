//! Aliases that the planner could take for something else: an entity's key, another field, `__typename`, or a name of its own.
//! Such an alias is replaced by a name that stands nowhere in the document, and given back in the answer ([`crate::rename`]).
//! An alias that is its field's own name goes: the planner does not merge `a: a` with `a`.

use std::collections::HashMap;

use crate::denials::bare_selections;
use crate::document::{Document, Edit, Name, Selection};
use crate::Schema;

/// Names in place of aliases, and the edits that put them there.
#[derive(Debug, Default, PartialEq)]
pub struct Renaming {
    pub edits: Vec<Edit>,
    /// From the name in its place to the client's alias; what is nothing of the client's has the empty one.
    pub originals: HashMap<String, String>,
}

/// Finds the aliases that must not reach the planner, and the selections that must not become empty.
pub fn find(document: &Document, text: &str, schema: &Schema) -> Renaming {
    let mut found = Found::default();
    let roots = document.operations.iter().map(|operation| &operation.selections);
    for selections in roots.chain(document.fragments.iter().map(|fragment| &fragment.selections)) {
        collect(selections, schema, &mut found);
    }
    let bare = bare_selections(document, schema);
    if found.doubtful.is_empty() && found.needless.is_empty() && bare.is_empty() {
        return Renaming::default();
    }
    let prefix = unused_prefix(text);
    let mut renaming = rename(&found.doubtful, &prefix);
    renaming.edits.append(&mut found.needless);
    keep(&bare, &format!("{prefix}kept"), &mut renaming);
    renaming
}

/// Has the planner ask for a type's name first in each of the selections.
fn keep(bare: &[usize], name: &str, renaming: &mut Renaming) {
    let kept = bare.iter().map(|at| Edit { start: *at, end: *at, text: format!("{name}: __typename ") });
    renaming.edits.splice(0..0, kept);
    if !bare.is_empty() {
        renaming.originals.insert(name.into(), String::new());
    }
}

#[derive(Default)]
struct Found<'a> {
    doubtful: Vec<&'a Name>,
    /// What takes needless ones away.
    needless: Vec<Edit>,
}

fn collect<'a>(selections: &'a [Selection], schema: &Schema, found: &mut Found<'a>) {
    for selection in selections {
        match selection {
            Selection::Spread { .. } => (),
            Selection::Inline { selections, .. } => collect(selections, schema, found),
            Selection::Field(field) => {
                match &field.alias {
                    Some(alias) if alias.text == field.name => {
                        found.needless.push(Edit { start: alias.at, end: field.name_at, text: String::new() });
                    }
                    Some(alias) if is_doubtful(&alias.text, schema) => found.doubtful.push(alias),
                    _ => (),
                }
                collect(&field.selections, schema, found);
            }
        }
    }
}

/// The planner's own names begin with an underscore (`_entities`, `_internal_qp_alias_0`, `_e0`).
fn is_doubtful(alias: &str, schema: &Schema) -> bool {
    alias.starts_with('_') || schema.field_names.contains(alias)
}

fn rename(aliases: &[&Name], prefix: &str) -> Renaming {
    let mut renaming = Renaming::default();
    let mut names: HashMap<&str, String> = HashMap::new();
    for alias in aliases {
        let next = format!("{prefix}{}", names.len());
        let name = names.entry(&alias.text).or_insert(next).clone();
        renaming.edits.push(Edit { start: alias.at, end: alias.at + alias.text.len(), text: name });
    }
    renaming.originals = names.into_iter().map(|(alias, name)| (name, alias.to_string())).collect();
    renaming
}

/// The same alias has the same name everywhere, so that selections merge as before.
pub fn unused_prefix(text: &str) -> String {
    let mut prefix = String::from("alias_");
    while text.contains(&prefix) {
        prefix.push('_');
    }
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::edited;
    use crate::Limits;

    fn renamed(text: &str) -> (String, HashMap<String, String>) {
        let schema = Schema { field_names: ["id", "title", "variant"].map(String::from).into(), ..Default::default() };
        let renaming = find(&Document::parse(text, &Limits::committed()).unwrap(), text, &schema);
        (edited(text, renaming.edits), renaming.originals)
    }

    #[test]
    fn aliases_that_equal_a_field_are_renamed_alike_everywhere() {
        let (text, originals) = renamed("{ variant { id: title ...F } } fragment F on V { id: title x: id __typename: id }");
        assert_eq!(text, "{ variant { alias_0: title ...F } } fragment F on V { alias_0: title x: id alias_1: id }");
        assert_eq!(originals, HashMap::from([("alias_0".into(), "id".into()), ("alias_1".into(), "__typename".into())]));
    }

    #[test]
    fn all_other_documents_stay_as_they_are() {
        let text = "{ a: variant { id b: title } }";
        assert_eq!(renamed(text), (text.to_string(), HashMap::new()));
    }

    #[test]
    fn an_alias_that_is_the_fields_own_name_goes() {
        let (text, originals) = renamed("{ variant: variant { id : id title } a: variant { title # here\n: #there\n title } }");
        assert_eq!((text.as_str(), originals), ("{ variant { id title } a: variant { title } }", HashMap::new()));
    }

    #[test]
    fn new_names_stand_nowhere_in_the_document() {
        let (text, _) = renamed("{ alias_0: variant { id: title } }");
        assert_eq!(text, "{ alias_0: variant { alias__0: title } }");
    }
}
