//! What a document asks about the schema, in the one form that the planner answers right: among the operation's own selections,
//! without fragments and conditions, and each field once.

use std::collections::{HashMap, HashSet};

use crate::document::{edited, Condition, Document, Edit, Field, Kind, Operation, Selection};

/// Selections that make a field be left out of the answer, with their names.
const NOTHING: &str = "__type(name: \"\") { __typename }";

const INTERFACES: &str = "interfaces";

/// What stands in the way of empty selections, by the place that needs it.
pub fn hidden(prefix: &str, place: usize) -> String {
    format!("{prefix}hidden{place}")
}

/// What tells the kind of a type whose interfaces are asked for by this key: Hive Router says null of an interface's own.
pub fn kind_beside(prefix: &str, key: &str) -> String {
    format!("{prefix}kind_{key}")
}

/// The keys by which the document asks for interfaces.
pub fn keys_of_interfaces(document: &Document) -> HashSet<&str> {
    let mut keys = HashSet::new();
    let operations = document.operations.iter().map(|operation| &operation.selections);
    let fragments = document.fragments.iter().map(|fragment| &fragment.selections);
    operations.chain(fragments).for_each(|selections| search_interfaces(selections, &mut keys));
    keys
}

/// How many places of the document ask about the schema.
pub fn places(document: &Document) -> usize {
    all(document, None).len()
}

/// A document that asks about the schema.
pub struct Rewriting<'a> {
    pub document: &'a Document,
    pub text: &'a str,
    /// Names that begin with it stand nowhere in the document.
    pub prefix: &'a str,
    /// What the planner gets for aliases of the client.
    pub names: &'a HashMap<&'a str, &'a str>,
    /// Whether conditions let something into the answer.
    pub applies: &'a dyn Fn(&[Condition]) -> bool,
}

impl<'a> Rewriting<'a> {
    /// The edits for the operation, and of those that are given the ones that do not overlap with them.
    pub fn edits(&self, operation: &'a Operation, others: &[Edit]) -> Vec<Edit> {
        if operation.kind != Kind::Query {
            return others.to_vec();
        }
        let mut edits: Vec<Edit> = Vec::new();
        for (place, (field, is_alone)) in all(self.document, Some(operation)).into_iter().enumerate() {
            let text = if is_alone { format!("{}: {NOTHING}", hidden(self.prefix, place + 1)) } else { String::new() };
            edits.push(Edit { start: field.at(), end: field.end, text });
        }
        let is_outside = |other: &&Edit| !edits.iter().any(|edit| edit.start <= other.start && other.start < edit.end);
        let kept: Vec<Edit> = others.iter().filter(is_outside).cloned().collect();
        edits.extend(self.questions(operation));
        edits.extend(kept);
        edits
    }

    /// What the operation asks about the schema, each where it is first met among the operation's own selections: that is its place
    /// in the answer.
    fn questions(&self, operation: &'a Operation) -> Vec<Edit> {
        let mut asked = Collected::default();
        let mut places = Vec::new();
        for selection in &operation.selections {
            self.collect(std::slice::from_ref(selection), &mut asked);
            places.resize(asked.fields.len(), selection.at());
        }
        let questions = asked.fields.iter().zip(places).filter(|(fields, _)| fields[0].is_introspection());
        let insert = |at: usize, text: String| Edit { start: at, end: at, text: format!(" {text} ") };
        let edits: Vec<Edit> = questions.map(|(fields, at)| insert(at, self.field(fields))).collect();
        if edits.is_empty() {
            return vec![insert(operation.inside, format!("{}: {NOTHING}", hidden(self.prefix, 0)))];
        }
        edits
    }

    /// The specification's CollectFields.
    fn collect(&self, selections: &'a [Selection], collected: &mut Collected<'a>) {
        for selection in selections {
            match selection {
                Selection::Field(field) if (self.applies)(&field.conditions) => collected.add(field),
                Selection::Inline { conditions, selections, .. } if (self.applies)(conditions) => {
                    self.collect(selections, collected)
                }
                Selection::Spread { name, conditions, .. } if (self.applies)(conditions) => {
                    let Some(index) = self.document.fragment(name).filter(|index| !collected.fragments.contains(index)) else {
                        continue;
                    };
                    collected.fragments.push(index);
                    self.collect(&self.document.fragments[index].selections, collected);
                }
                _ => (),
            }
        }
    }

    fn written(&self, collected: &Collected<'a>) -> String {
        collected.fields.iter().map(|fields| self.field(fields)).collect()
    }

    fn field(&self, fields: &[&'a Field]) -> String {
        let field = fields[0];
        let alias = field.alias.as_ref().map(|alias| alias.text.as_str()).filter(|alias| *alias != field.name);
        let alias = alias.map(|alias| format!("{}: ", self.names.get(alias).unwrap_or(&alias))).unwrap_or_default();
        format!("{alias}{}{} {}", field.name, self.arguments(field), self.inner(fields))
    }

    fn inner(&self, fields: &[&'a Field]) -> String {
        if fields.iter().all(|field| field.selections.is_empty()) {
            return String::new();
        }
        let mut collected = Collected::default();
        fields.iter().for_each(|field| self.collect(&field.selections, &mut collected));
        let written = self.written(&collected) + &self.kinds(&collected);
        if written.is_empty() {
            format!("{{ {}: __typename }} ", hidden(self.prefix, 0))
        } else {
            format!("{{ {written}}} ")
        }
    }

    fn kinds(&self, collected: &Collected<'a>) -> String {
        let interfaces = collected.fields.iter().filter(|fields| fields[0].name == INTERFACES);
        interfaces.map(|fields| format!("{}: kind ", kind_beside(self.prefix, fields[0].key()))).collect()
    }

    fn arguments(&self, field: &Field) -> String {
        let (start, end) = field.arguments_at;
        let within = self.document.values.iter().filter(|edit| start <= edit.start && edit.end <= end);
        let moved = within.map(|edit| Edit { start: edit.start - start, end: edit.end - start, text: edit.text.clone() });
        edited(&self.text[start..end], moved.collect())
    }
}

/// Fields by the key that they have in the answer, in its order.
#[derive(Default)]
struct Collected<'a> {
    fields: Vec<Vec<&'a Field>>,
    by_key: HashMap<&'a str, usize>,
    fragments: Vec<usize>,
}

impl<'a> Collected<'a> {
    fn add(&mut self, field: &'a Field) {
        let index = *self.by_key.entry(field.key()).or_insert(self.fields.len());
        match self.fields.get_mut(index) {
            Some(fields) => fields.push(field),
            None => self.fields.push(vec![field]),
        }
    }
}

/// Fields that ask about the schema, and whether nothing else stands beside them; beside those of the operation there will be.
fn all<'a>(document: &'a Document, operation: Option<&Operation>) -> Vec<(&'a Field, bool)> {
    let mut found = Vec::new();
    for each in &document.operations {
        search(&each.selections, operation.is_some_and(|operation| std::ptr::eq(operation, each)), &mut found);
    }
    for fragment in &document.fragments {
        search(&fragment.selections, false, &mut found);
    }
    found
}

fn search<'a>(selections: &'a [Selection], has_others: bool, found: &mut Vec<(&'a Field, bool)>) {
    let asks = |selection: &Selection| matches!(selection, Selection::Field(field) if field.is_introspection());
    let has_others = has_others || !selections.iter().all(asks);
    for selection in selections {
        match selection {
            Selection::Field(field) if field.is_introspection() => found.push((field, !has_others)),
            Selection::Field(field) => search(&field.selections, false, found),
            Selection::Inline { selections, .. } => search(selections, false, found),
            Selection::Spread { .. } => (),
        }
    }
}

fn search_interfaces<'a>(selections: &'a [Selection], keys: &mut HashSet<&'a str>) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                keys.extend((field.name == INTERFACES).then(|| field.key()));
                search_interfaces(&field.selections, keys);
            }
            Selection::Inline { selections, .. } => search_interfaces(selections, keys),
            Selection::Spread { .. } => (),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Value;
    use crate::Limits;

    fn rewritten(text: &str) -> String {
        let document = Document::parse(text, &Limits::committed()).unwrap();
        let applies =
            |conditions: &[Condition]| conditions.iter().all(|condition| condition.value != Value::Bool(condition.leaves_out));
        let names = HashMap::from([("me", "alias_0")]);
        let rewriting = Rewriting { document: &document, text, prefix: "alias_", names: &names, applies: &applies };
        let result = edited(text, rewriting.edits(&document.operations[0], &document.values));
        result.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_field_about_the_schema_is_asked_for_once() {
        for (text, expected) in [
            ("{ __schema { ... { queryType { name } } } }", "{ __schema { queryType { name } } }"),
            ("{__schema{...{queryType{name}}}}", "{ __schema { queryType { name } } }"),
            ("{a...F b} fragment F on Q{c __schema{types{name}}}", "{a __schema { types { name } } ...F b} fragment F on Q{c }"),
            ("query Q{__type(name:\"a\"){name}a}", "query Q{ __type(name:\"a\") { name } a}"),
            (
                "{ __schema { queryType { name } ...S } a } fragment S on __Schema { queryType { ...{ kind name } } }",
                "{ __schema { queryType { name kind } } a } fragment S on __Schema { queryType { ...{ kind name } } }",
            ),
            (
                "{ a me: __type(name: \"\\u{62}\") { name } b __type(name: $n) { f: fields(includeDeprecated: true) { name } } }",
                "{ a alias_0: __type(name: \"b\" ) { name } b __type(name: $n) { f: fields(includeDeprecated: true) { name } } }",
            ),
        ] {
            assert_eq!(rewritten(text), expected);
        }
    }

    #[test]
    fn what_conditions_leave_out_is_not_asked_for() {
        for (text, expected) in [
            (
                "{ __schema { ... @skip(if: true) { queryType { name } } types { name @include(if: true) kind @skip(if: true) } } }",
                "{ __schema { types { name } } }",
            ),
            ("{ __schema { types { name @skip(if: true) } } }", "{ __schema { types { alias_hidden0: __typename } } }"),
            ("{ __schema @skip(if: true) { types { name } } }", "{ alias_hidden0: __type(name: \"\") { __typename } }"),
        ] {
            assert_eq!(rewritten(text), expected);
        }
    }

    #[test]
    fn the_kind_of_what_has_interfaces_is_asked_for() {
        let text = "{ __type(name: \"A\") { me: interfaces { interfaces { name } } } }";
        assert_eq!(
            rewritten(text),
            "{ __type(name: \"A\") { alias_0: interfaces { interfaces { name } alias_kind_interfaces: kind } alias_kind_me: kind } }"
        );
        assert_eq!(keys_of_interfaces(&Document::parse(text, &Limits::committed()).unwrap()), HashSet::from(["me", "interfaces"]));
    }

    #[test]
    fn selections_of_nothing_else_do_not_become_empty() {
        assert_eq!(
            rewritten("{ ... { __schema { types { name } } } ...Q } fragment Q on Query { a __schema { types { kind } } }"),
            "{ __schema { types { name kind } } ... { alias_hidden1: __type(name: \"\") { __typename } } ...Q } fragment Q on Query { a }"
        );
    }
}
