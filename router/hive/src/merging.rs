//! The rule that fields of one name in an answer can be merged, in the place of Hive Router's: that one compares each field with each
//! other of its name, five thousand fields twelve million times. Fields that can be merged are alike, so that each is compared with
//! the first of them, and what is selected in all of them is looked at together; `router/src/merging.js` does the same.
//! Source: <https://spec.graphql.org/September2025/#sec-Field-Selection-Merging>

use std::collections::{HashMap, HashSet};

use hive_router::graphql_tools::ast::{OperationVisitor, OperationVisitorContext};
use hive_router::graphql_tools::static_graphql::query::{
    Definition, Document, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet, Type, TypeCondition,
};
use hive_router::graphql_tools::static_graphql::schema::TypeDefinition;
use hive_router::graphql_tools::validation::rules::{ValidationRule, ValidationVisitor};
use hive_router::graphql_tools::validation::utils::{ValidationError, ValidationErrorContext};
use hive_router::graphql_tools::validation::validate::ValidationPlan;

const CODE: &str = "OverlappingFieldsCanBeMerged";
/// How many fields may be looked at: many times as many as a document may have. Only objects of many kinds under one interface
/// need more.
const MOST_LOOKED_AT: usize = 100_000;

/// The plan with our rule in the place of Hive Router's.
pub fn planned(plan: &ValidationPlan) -> ValidationPlan {
    let mut ours = plan.clone();
    ours.rules.retain(|rule| rule.error_code() != CODE);
    ours.add_rule(Box::new(FieldsCanBeMerged));
    ours
}

struct FieldsCanBeMerged;

impl ValidationRule for FieldsCanBeMerged {
    fn visitor<'doc>(&self) -> ValidationVisitor<'doc> {
        Box::new(FieldsCanBeMerged)
    }

    fn error_code(&self) -> &'static str {
        CODE
    }
}

impl<'doc> OperationVisitor<'doc, ValidationErrorContext> for FieldsCanBeMerged {
    fn enter_document(
        &mut self,
        context: &mut OperationVisitorContext<'doc>,
        errors: &mut ValidationErrorContext,
        document: &'doc Document,
    ) {
        let types = context.schema.type_map();
        let mut merging = Merging { types, fragments: &context.known_fragments, errors, reported: HashSet::new(), looked_at: 0 };
        for definition in &document.definitions {
            let Definition::Operation(operation) = definition else { continue };
            let root = match operation {
                OperationDefinition::SelectionSet(_) | OperationDefinition::Query(_) => Some(context.schema.query_type()),
                OperationDefinition::Mutation(_) => context.schema.mutation_type(),
                OperationDefinition::Subscription(_) => context.schema.subscription_type(),
            };
            let root = root.and_then(|root| merging.types.get(root.name.as_str()).copied());
            let fields = merging.collect(vec![(operation.selection_set(), root)]);
            merging.check_shapes(&fields);
            merging.check_sameness(fields);
        }
    }
}

/// A field where it is selected, with what the schema says of it.
#[derive(Clone, Copy)]
struct Selected<'a> {
    node: &'a Field,
    parent: Option<&'a TypeDefinition>,
    of_type: Option<&'a Type>,
}

impl<'a> Selected<'a> {
    fn key(&self) -> &'a str {
        self.node.alias.as_ref().unwrap_or(&self.node.name)
    }

    /// A text that is the same for equal arguments.
    fn arguments(&self) -> String {
        let mut arguments: Vec<String> = self.node.arguments.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        arguments.sort_unstable();
        arguments.join(",")
    }

    fn object(&self) -> Option<&'a str> {
        self.parent.filter(|parent| parent.is_object_type()).map(TypeDefinition::name)
    }
}

/// Fields of one name in the answer.
type Group<'a> = Vec<Selected<'a>>;
type Place<'a> = (&'a SelectionSet, Option<&'a TypeDefinition>);

struct Merging<'a, 'b> {
    types: HashMap<&'a str, &'a TypeDefinition>,
    fragments: &'b HashMap<&'a str, &'a FragmentDefinition>,
    errors: &'b mut ValidationErrorContext,
    reported: HashSet<*const Field>,
    looked_at: usize,
}

impl<'a> Merging<'a, '_> {
    fn collect(&self, places: Vec<Place<'a>>) -> Vec<Group<'a>> {
        let mut collected = Collected { groups: Vec::new(), by_key: HashMap::new(), spread: HashSet::new() };
        places.into_iter().for_each(|place| self.visit(place, &mut collected));
        collected.groups
    }

    fn visit(&self, (selections, parent): Place<'a>, collected: &mut Collected<'a>) {
        for selection in &selections.items {
            match selection {
                Selection::Field(node) => {
                    let found = parent.and_then(|parent| parent.field_by_name(&node.name));
                    collected.add(Selected { node, parent, of_type: found.map(|found| &found.field_type) });
                }
                Selection::InlineFragment(inline) => {
                    let within = inline.type_condition.as_ref().map_or(parent, |condition| self.conditioned(condition));
                    self.visit((&inline.selection_set, within), collected);
                }
                Selection::FragmentSpread(spread) if collected.spread.insert(&spread.fragment_name) => {
                    let Some(fragment) = self.fragments.get(spread.fragment_name.as_str()) else { continue };
                    self.visit((&fragment.selection_set, self.conditioned(&fragment.type_condition)), collected);
                }
                Selection::FragmentSpread(_) => (),
            }
        }
    }

    fn conditioned(&self, TypeCondition::On(name): &TypeCondition) -> Option<&'a TypeDefinition> {
        self.types.get(name.as_str()).copied()
    }

    fn inner(&mut self, fields: &[Selected<'a>]) -> Vec<Group<'a>> {
        self.looked_at += fields.len();
        if self.looked_at > MOST_LOOKED_AT {
            return self.give_up(fields[0]);
        }
        let place = |field: &Selected<'a>| {
            (&field.node.selection_set, field.of_type.and_then(|found| self.types.get(found.inner_type()).copied()))
        };
        self.collect(fields.iter().filter(|field| !field.node.selection_set.items.is_empty()).map(place).collect())
    }

    /// Of any objects: their values have the same shape.
    fn check_shapes(&mut self, groups: &[Group<'a>]) {
        for fields in groups {
            // Nothing is known of __typename, and of fields that are not there.
            let first = fields.iter().find(|field| field.of_type.is_some());
            let other = first.and_then(|first| fields.iter().find(|field| !self.have_same_shape(first.of_type, field.of_type)));
            match (first, other) {
                (Some(first), Some(other)) => self.report(first, other, "they have different types"),
                _ => {
                    let inner = self.inner(fields);
                    self.check_shapes(&inner);
                }
            }
        }
    }

    /// Of objects that may be the same one: the fields are the same, too.
    fn check_sameness(&mut self, groups: Vec<Group<'a>>) {
        for fields in groups.into_iter().flat_map(of_one_object) {
            let (first, arguments) = (fields[0], fields[0].arguments());
            let is_other = |field: &&Selected| field.node.name != first.node.name || field.arguments() != arguments;
            match fields.iter().skip(1).find(is_other) {
                Some(other) if other.node.name == first.node.name => self.report(&first, other, "they have different arguments"),
                Some(other) => self.report(&first, other, "they are different fields"),
                None => {
                    let inner = self.inner(&fields);
                    self.check_sameness(inner);
                }
            }
        }
    }

    fn have_same_shape(&self, one: Option<&Type>, other: Option<&Type>) -> bool {
        let (Some(one), Some(other)) = (one, other) else { return true };
        match (one, other) {
            (Type::NonNullType(one), Type::NonNullType(other)) | (Type::ListType(one), Type::ListType(other)) => {
                self.have_same_shape(Some(one), Some(other))
            }
            (Type::NamedType(one), Type::NamedType(other)) => one == other || !self.is_leaf(one) && !self.is_leaf(other),
            _ => false,
        }
    }

    fn is_leaf(&self, name: &str) -> bool {
        self.types.get(name).is_some_and(|found| found.is_leaf_type())
    }

    fn give_up(&mut self, field: Selected) -> Vec<Group<'a>> {
        if self.reported.insert(std::ptr::null()) {
            let message = "The document selects too much of one name.".into();
            self.errors.report_error(ValidationError { error_code: CODE, message, locations: vec![field.node.position] });
        }
        Vec::new()
    }

    fn report(&mut self, first: &Selected, other: &Selected, reason: &str) {
        // Of another type, and another field: once is enough.
        if !self.reported.insert(std::ptr::from_ref(other.node)) {
            return;
        }
        let remedy = "Use different aliases on the fields to fetch both if this was intentional.";
        let message = format!("Fields \"{}\" conflict because {reason}. {remedy}", first.key());
        let locations = vec![first.node.position, other.node.position];
        self.errors.report_error(ValidationError { error_code: CODE, message, locations });
    }
}

struct Collected<'a> {
    groups: Vec<Group<'a>>,
    by_key: HashMap<&'a str, usize>,
    spread: HashSet<&'a String>,
}

impl<'a> Collected<'a> {
    fn add(&mut self, field: Selected<'a>) {
        let index = *self.by_key.entry(field.key()).or_insert(self.groups.len());
        match self.groups.get_mut(index) {
            Some(group) => group.push(field),
            None => self.groups.push(vec![field]),
        }
    }
}

/// The fields that may be asked of one and the same object, for each kind of object: those of an interface may be asked of any.
fn of_one_object<'a>(fields: Group<'a>) -> Vec<Group<'a>> {
    let name = |field: &Selected<'a>| field.parent.map(TypeDefinition::name);
    let mut objects: Vec<&str> = fields.iter().filter_map(|field| field.object()).collect();
    if objects.is_empty() || fields.iter().all(|field| name(field) == name(&fields[0])) {
        return vec![fields];
    }
    objects.sort_unstable();
    objects.dedup();
    let of = |object: &&str| fields.iter().filter(|field| field.object().is_none_or(|own| own == *object)).copied().collect();
    objects.iter().map(of).collect()
}
