//! The cost of an operation, by the arithmetic of `docs/frontend/limits.md`: about the number of objects in its largest answer.

use std::collections::HashMap;

use crate::document::{Condition, Document, Field, Kind, Operation, Selection, Value};
use crate::schema::{FieldType, ListSize, Schema};

/// What a mutation costs beside its fields.
const MUTATION: f64 = 10.0;
/// The size of a list of which nothing is known.
const UNKNOWN_SIZE: f64 = 10.0;

/// Values of variables, as far as they matter for the cost.
pub type Variables<'a> = &'a dyn Fn(&str) -> Option<Known>;

/// A variable's value as the client sent it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known {
    Number(f64),
    Bool(bool),
    Other,
}

/// The cost of the operation. It is never asked for documents that [`crate::measure::check`] refuses, and takes time in
/// proportion to the fields that it counted.
pub fn of_operation(document: &Document, operation: &Operation, schema: &Schema, variables: Variables) -> u64 {
    let Some(root) = schema.root(operation.kind) else { return 0 };
    let mut costs = Costs { document, operation, schema, variables, fragments: HashMap::new() };
    let own = if operation.kind == Kind::Mutation { MUTATION } else { 0.0 };
    (own + costs.selections(&operation.selections, root, None)) as u64
}

/// What a parent's `@listSize` says of its `sizedFields`.
#[derive(Clone, Copy)]
struct Sized<'a> {
    fields: &'a [String],
    size: f64,
}

struct Costs<'a> {
    document: &'a Document,
    operation: &'a Operation,
    schema: &'a Schema,
    variables: Variables<'a>,
    /// Costs of fragments under what their parents say of sizes.
    fragments: HashMap<(usize, Option<(usize, u64)>), f64>,
}

impl<'a> Costs<'a> {
    fn selections(&mut self, selections: &'a [Selection], parent: &str, sized: Option<Sized<'a>>) -> f64 {
        selections.iter().map(|selection| self.selection(selection, parent, sized)).sum()
    }

    fn selection(&mut self, selection: &'a Selection, parent: &str, sized: Option<Sized<'a>>) -> f64 {
        match selection {
            Selection::Field(field) if self.applies(&field.conditions) => self.field(field, parent, sized),
            Selection::Inline { condition, conditions, selections, .. } if self.applies(conditions) => {
                self.selections(selections, condition.as_deref().unwrap_or(parent), sized)
            }
            Selection::Spread { name, conditions, .. } if self.applies(conditions) => self.fragment(name, sized),
            _ => 0.0,
        }
    }

    fn fragment(&mut self, name: &str, sized: Option<Sized<'a>>) -> f64 {
        let Some(index) = self.document.fragment(name) else { return 0.0 };
        let key = (index, sized.map(|sized| (sized.fields.as_ptr() as usize, sized.size.to_bits())));
        if let Some(known) = self.fragments.get(&key) {
            return *known;
        }
        let fragment = &self.document.fragments[index];
        let cost = self.selections(&fragment.selections, &fragment.condition, sized);
        self.fragments.insert(key, cost);
        cost
    }

    fn field(&mut self, field: &'a Field, parent: &str, sized: Option<Sized<'a>>) -> f64 {
        let found = self.schema.types.get(parent).and_then(|parent| parent.fields.get(&field.name));
        // Introspection and what is not there: the latter is refused by validation.
        let Some(rule) = found else { return 0.0 };
        let inner = self.selections(&field.selections, &rule.type_name, self.sized_by(rule, field));
        let objects = self.schema.weight(&rule.type_name) + inner;
        rule.weight + argument_weights(rule, field) + self.size(rule, field, sized) * objects
    }

    fn sized_by(&self, rule: &'a FieldType, field: &Field) -> Option<Sized<'a>> {
        let list_size = rule.list_size.as_ref().filter(|list_size| !list_size.sized_fields.is_empty())?;
        Some(Sized { fields: &list_size.sized_fields, size: self.sliced(rule, list_size, field) })
    }

    fn size(&self, rule: &FieldType, field: &Field, sized: Option<Sized>) -> f64 {
        if !rule.is_list {
            return 1.0;
        }
        match (sized, &rule.list_size) {
            (Some(sized), _) if sized.fields.contains(&field.name) => sized.size,
            (_, Some(list_size)) => self.sliced(rule, list_size, field),
            _ => UNKNOWN_SIZE,
        }
    }

    fn sliced(&self, rule: &FieldType, list_size: &ListSize, field: &Field) -> f64 {
        let given = list_size.slicing.iter().filter_map(|argument| self.argument(field, argument));
        let defaults = list_size.slicing.iter().filter_map(|argument| rule.arguments.get(argument)?.default);
        let size = given.reduce(f64::max).or_else(|| defaults.reduce(f64::max)).or(list_size.assumed);
        size.unwrap_or(UNKNOWN_SIZE).max(0.0)
    }

    fn argument(&self, field: &Field, name: &str) -> Option<f64> {
        let (_, value) = field.arguments.iter().find(|(argument, _)| argument == name)?;
        match self.resolved(value)? {
            // Larger numbers are no Int, which coercion says better.
            Known::Number(number) if number <= f64::from(i32::MAX) => Some(number),
            _ => None,
        }
    }

    fn resolved(&self, value: &Value) -> Option<Known> {
        resolved(value, self.operation, self.variables)
    }

    fn applies(&self, conditions: &[Condition]) -> bool {
        applies(conditions, self.operation, self.variables)
    }
}

/// Whether the conditions let the selection into the answer; one that is not clear does.
pub fn applies(conditions: &[Condition], operation: &Operation, variables: Variables) -> bool {
    let is_against =
        |condition: &Condition| resolved(&condition.value, operation, variables) == Some(Known::Bool(condition.leaves_out));
    !conditions.iter().any(is_against)
}

fn resolved(value: &Value, operation: &Operation, variables: Variables) -> Option<Known> {
    match value {
        Value::Number(number) => Some(Known::Number(number.value)),
        Value::Bool(bool) => Some(Known::Bool(*bool)),
        Value::Variable(name) => variables(name).or_else(|| {
            let variable = operation.variables.iter().find(|variable| variable.name == *name)?;
            variable.default.as_ref().and_then(|default| resolved(default, operation, variables))
        }),
        _ => None,
    }
}

fn argument_weights(rule: &FieldType, field: &Field) -> f64 {
    field.arguments.iter().filter_map(|(name, _)| rule.arguments.get(name)).map(|argument| argument.weight).sum()
}

#[cfg(test)]
#[path = "cost_tests.rs"]
mod tests;
