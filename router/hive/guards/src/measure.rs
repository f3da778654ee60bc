//! How much a document asks for, in time that is linear in its length: each fragment is measured once, however often and in
//! whatever way fragments spread each other.

use crate::document::{Document, Kind, Selection};
use crate::{Limits, Refusal};

/// A selection's size, its fragments included as often as they are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Size {
    depth: u64,
    aliases: u64,
    fields: u64,
    /// Fields, braces and spreads.
    selections: u64,
    /// Fields of the selection itself, not of what is in them.
    top: u64,
    /// How often it asks about the schema, how much of it, and what it would ask if it were a part of that.
    introspections: u64,
    introspection: u64,
    described: u64,
    /// Fields and fragments within each other.
    nesting: usize,
}

impl Size {
    fn and(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            aliases: self.aliases.saturating_add(other.aliases),
            fields: self.fields.saturating_add(other.fields),
            selections: self.selections.saturating_add(other.selections),
            top: self.top.saturating_add(other.top),
            introspections: self.introspections.saturating_add(other.introspections),
            introspection: self.introspection.saturating_add(other.introspection),
            described: self.described.saturating_add(other.described),
            nesting: self.nesting.max(other.nesting),
        }
    }

    fn within(self) -> Self {
        Self { nesting: self.nesting + 1, selections: self.selections.saturating_add(1), ..self }
    }
}

/// Lists of introspection that lead from a type to further types; the same that graphql-js bounds, and in the same way.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
const INTROSPECTION_DEPTH: usize = 3;

/// Objects and values that tell of the schema: about three times what tools such as GraphiQL ask for.
const DESCRIPTION: u64 = 500_000;

/// How long the lists of a schema's description are, about; a type that is asked for by name may be a long one, such as Query.
fn description_size(field: &str) -> u64 {
    match field {
        "types" => 200,
        "__type" => 20,
        "fields" => 8,
        "enumValues" => 5,
        "inputFields" => 4,
        "directives" => 3,
        "args" | "possibleTypes" => 2,
        _ => 1,
    }
}

/// Refuses a document that asks for too much. How many fields it has, each fragment's as often as it is used.
///
/// # Errors
/// LIMIT_EXCEEDED, and BAD_USER_INPUT for a fragment within itself.
pub fn check(document: &Document, text: &str, limits: &Limits) -> Result<u64, Refusal> {
    let mut measure = Measure { document, fragments: vec![Progress::Unknown; document.fragments.len()], text };
    for index in 0..document.fragments.len() {
        measure.fragment(index)?;
    }
    // Validation works on all operations, whichever is meant.
    let (mut fields, mut selections) = (0_u64, 0_u64);
    for operation in &document.operations {
        let size = measure.selections(&operation.selections)?;
        (fields, selections) = (fields.saturating_add(size.fields), selections.saturating_add(size.selections));
        check_size(Size { fields, selections, ..size }, limits)?;
        if operation.kind == Kind::Mutation && size.top > limits.mutations {
            return Err(Refusal::excess(format!("The operation has more than {} mutations.", limits.mutations)));
        }
    }
    check_introspection(document)?;
    Ok(fields)
}

fn check_size(size: Size, limits: &Limits) -> Result<(), Refusal> {
    let excess = |what: String| Err(Refusal::excess(what));
    if size.depth > limits.depth {
        return excess(format!("The operation is more than {} fields deep.", limits.depth));
    }
    if size.aliases > limits.aliases {
        return excess(format!("The operation has more than {} aliases.", limits.aliases));
    }
    if size.fields > limits.fields {
        return excess(format!("The document has more than {} fields.", limits.fields));
    }
    if size.selections > limits.selections {
        return excess(format!("The document has more than {} fields, braces and spreads.", limits.selections));
    }
    if size.nesting > limits.nesting {
        return excess(format!("The operation is nested more than {} deep.", limits.nesting));
    }
    if size.introspections > limits.introspections || size.introspection > DESCRIPTION {
        return excess(format!("The operation asks about the schema more than {} times, or too much.", limits.introspections));
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum Progress {
    Unknown,
    Begun,
    Known(Size),
}

struct Measure<'a> {
    document: &'a Document,
    fragments: Vec<Progress>,
    text: &'a str,
}

impl Measure<'_> {
    fn fragment(&mut self, index: usize) -> Result<Size, Refusal> {
        match self.fragments[index] {
            Progress::Known(size) => Ok(size),
            Progress::Begun => Err(self.cycle(index)),
            Progress::Unknown => {
                self.fragments[index] = Progress::Begun;
                let size = self.selections(&self.document.fragments[index].selections)?;
                self.fragments[index] = Progress::Known(size);
                Ok(size)
            }
        }
    }

    fn cycle(&self, index: usize) -> Refusal {
        let fragment = &self.document.fragments[index];
        let place = crate::lexer::location(self.text, fragment.at);
        Refusal::mistake(format!("Cannot spread fragment \"{}\" within itself.", fragment.name)).at(place)
    }

    fn selections(&mut self, selections: &[Selection]) -> Result<Size, Refusal> {
        let mut size = Size::default();
        for selection in selections {
            size = size.and(self.selection(selection)?);
        }
        Ok(size)
    }

    fn selection(&mut self, selection: &Selection) -> Result<Size, Refusal> {
        match selection {
            Selection::Spread { name, .. } => match self.document.fragment(name) {
                Some(index) => self.fragment(index).map(Size::within),
                None => Err(Refusal::mistake(format!("Unknown fragment \"{name}\"."))),
            },
            Selection::Inline { selections, .. } => self.selections(selections).map(Size::within),
            Selection::Field(field) => {
                let inner = self.selections(&field.selections)?;
                let described = description_size(&field.name).saturating_mul(inner.described.saturating_add(1));
                Ok(Size {
                    // Introspection is deep by nature, and bounded in its own way.
                    depth: if field.is_introspection() { 1 } else { 1 + inner.depth },
                    aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
                    fields: inner.fields.saturating_add(1),
                    selections: inner.selections.saturating_add(1),
                    top: 1,
                    introspections: inner.introspections.saturating_add(u64::from(field.is_introspection())),
                    introspection: if field.is_introspection() { described } else { inner.introspection },
                    described,
                    nesting: inner.nesting + 1,
                })
            }
        }
    }
}

/// Follows introspection through fragments; each fragment at each depth once.
fn check_introspection(document: &Document) -> Result<(), Refusal> {
    let mut seen = vec![[false; INTROSPECTION_DEPTH]; document.fragments.len()];
    let roots = document.operations.iter().map(|operation| &operation.selections);
    let all = roots.chain(document.fragments.iter().map(|fragment| &fragment.selections));
    all.map(|selections| search_introspection(document, selections, &mut seen)).collect()
}

fn search_introspection(
    document: &Document,
    selections: &[Selection],
    seen: &mut [[bool; INTROSPECTION_DEPTH]],
) -> Result<(), Refusal> {
    for selection in selections {
        match selection {
            Selection::Field(field) if field.is_introspection() => bound_introspection(document, &field.selections, 0, seen)?,
            Selection::Field(field) => search_introspection(document, &field.selections, seen)?,
            Selection::Inline { selections, .. } => search_introspection(document, selections, seen)?,
            Selection::Spread { .. } => (),
        }
    }
    Ok(())
}

fn bound_introspection(
    document: &Document,
    selections: &[Selection],
    depth: usize,
    seen: &mut [[bool; INTROSPECTION_DEPTH]],
) -> Result<(), Refusal> {
    for selection in selections {
        match selection {
            Selection::Inline { selections, .. } => bound_introspection(document, selections, depth, seen)?,
            Selection::Spread { name, .. } => {
                let Some(index) = document.fragment(name) else { continue };
                if !std::mem::replace(&mut seen[index][depth], true) {
                    bound_introspection(document, &document.fragments[index].selections, depth, seen)?;
                }
            }
            Selection::Field(field) => {
                let inner = depth + usize::from(INTROSPECTION_LISTS.contains(&field.name.as_str()));
                if inner >= INTROSPECTION_DEPTH {
                    return Err(Refusal::excess(
                        "The document asks for fields, inputFields, interfaces and possibleTypes of types more than twice within each other.",
                    ));
                }
                bound_introspection(document, &field.selections, inner, seen)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    fn outcome(text: &str) -> Result<(), Code> {
        let limits = Limits::committed();
        let document = Document::parse(text, &limits).expect("a document");
        check(&document, text, &limits).map(|_| ()).map_err(|refusal| refusal.code)
    }

    #[test]
    fn fragments_count_as_often_as_they_are_used() {
        let doubling: String = (0..40).map(|n| format!(" fragment F{n} on Q {{ ...F{} ...F{} }}", n + 1, n + 1)).collect();
        assert_eq!(outcome(&format!("{{ ...F0 }}{doubling} fragment F40 on Q {{ a }}")), Err(Code::LimitExceeded));
        let twice = format!("{{ ...A ...A }} fragment A on Q {{ {} }}", "a: b ".repeat(51));
        assert_eq!(outcome(&twice), Err(Code::LimitExceeded));
        let deep = "fragment A on Q { a { a { a { a { a { a { a { a { a } } } } } } } } }";
        assert_eq!(outcome(&format!("{{ b {{ b {{ b {{ b {{ b {{ b {{ ...A }} }} }} }} }} }} }} {deep}")), Ok(()));
        assert_eq!(
            outcome(&format!("{{ b {{ b {{ b {{ b {{ b {{ b {{ b {{ ...A }} }} }} }} }} }} }} }} {deep}")),
            Err(Code::LimitExceeded)
        );
    }

    #[test]
    fn braces_and_spreads_count_as_often_as_they_are_used() {
        let within = format!("fragment F on Q {{ {} a {} }}", "... { ".repeat(40), "}".repeat(40));
        assert_eq!(outcome(&format!("{{ {} }} {within}", "...F ".repeat(400))), Ok(()));
        assert_eq!(outcome(&format!("{{ {} }} {within}", "...F ".repeat(500))), Err(Code::LimitExceeded));
    }

    #[test]
    fn a_fragment_within_itself_is_a_mistake_wherever_it_stands() {
        assert_eq!(outcome("{ ...A } fragment A on Q { a { ...B } } fragment B on Q { ...A }"), Err(Code::BadUserInput));
        assert_eq!(outcome("{ a } fragment A on Q { ...A }"), Err(Code::BadUserInput));
    }

    #[test]
    fn fragments_that_lead_to_each_other_are_nested() {
        let chain: String = (0..70).map(|n| format!(" fragment F{n} on Q {{ ...F{} }}", n + 1)).collect();
        assert_eq!(outcome(&format!("{{ ...F0 }}{chain} fragment F70 on Q {{ a }}")), Err(Code::LimitExceeded));
        assert_eq!(outcome(&format!("{{ ...F20 }}{chain} fragment F70 on Q {{ a }}")), Ok(()));
        assert_eq!(outcome("{ ...F }"), Err(Code::BadUserInput));
    }

    #[test]
    fn mutations_of_one_document_are_few() {
        assert_eq!(outcome(&format!("mutation {{ {} }}", "a ".repeat(10))), Ok(()));
        assert_eq!(outcome(&format!("mutation {{ ...A }} fragment A on M {{ {} }}", "a ".repeat(11))), Err(Code::LimitExceeded));
        assert_eq!(outcome(&format!("{{ {} }}", "a ".repeat(11))), Ok(()));
    }

    #[test]
    fn introspection_may_be_deep_but_not_go_round() {
        let types =
            format!("{{ __schema {{ types {{ fields {{ type {{ {} name {} }} }} }} }} }}", "ofType {".repeat(9), "}".repeat(9));
        assert_eq!(outcome(&types), Ok(()));
        let round = "{ __schema { types { ...A } } } fragment A on __Type { fields { type { ... { fields { type { fields { name } } } } } } }";
        assert_eq!(outcome(round), Err(Code::LimitExceeded));
        let all = "types { name fields { name args { name type { name ofType { name } } } type { name ofType { name } } } }";
        assert_eq!(outcome(&format!("{{ __schema {{ {all} }} }}")), Ok(()));
        let wide: String = (0..40).map(|n| format!("a{n}: {all} ")).collect();
        assert_eq!(outcome(&format!("{{ __schema {{ {wide} }} }}")), Err(Code::LimitExceeded));
    }
}
