//! What the guards know of the supergraph: types of fields, what they cost, and the names that planning needs.

use std::collections::{HashMap, HashSet};

use crate::scalars::Scalar;

#[derive(Debug, Default)]
pub struct Schema {
    pub query: String,
    pub mutation: Option<String>,
    pub types: HashMap<String, Type>,
    /// Input objects, with the types of their fields.
    pub inputs: HashMap<String, HashMap<String, TypeRef>>,
    /// Whether anything is a Float.
    pub has_floats: bool,
    /// Scalars and enums.
    pub leaves: HashSet<String>,
    /// Scalars of our own.
    pub scalars: HashMap<String, Scalar>,
    /// Names of all fields: an alias that equals one of them may be taken for it by the planner.
    pub field_names: HashSet<String>,
}

/// The type of an argument, a variable or an input object's field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeRef {
    Named(String),
    List(Box<TypeRef>),
    NonNull(Box<TypeRef>),
}

impl TypeRef {
    /// Its name without lists.
    pub fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::List(inner) | Self::NonNull(inner) => inner.name(),
        }
    }

    /// The type of what is not null.
    pub fn nullable(&self) -> &Self {
        if let Self::NonNull(inner) = self {
            inner.nullable()
        } else {
            self
        }
    }
}

impl Default for TypeRef {
    /// A type of which nothing is known.
    fn default() -> Self {
        Self::Named(String::new())
    }
}

#[derive(Debug, Default)]
pub struct Type {
    /// What each object of it costs.
    pub weight: f64,
    pub fields: HashMap<String, FieldType>,
}

#[derive(Debug, Default)]
pub struct FieldType {
    pub type_name: String,
    pub is_list: bool,
    pub is_non_null: bool,
    /// Whether not everybody may see it.
    pub is_guarded: bool,
    pub weight: f64,
    pub arguments: HashMap<String, Argument>,
    pub list_size: Option<ListSize>,
}

#[derive(Debug, Default)]
pub struct Argument {
    pub of_type: TypeRef,
    pub weight: f64,
    pub default: Option<f64>,
}

/// `@listSize`.
#[derive(Debug, Default)]
pub struct ListSize {
    pub assumed: Option<f64>,
    pub slicing: Vec<String>,
    pub sized_fields: Vec<String>,
}

impl Schema {
    pub fn root(&self, kind: crate::document::Kind) -> Option<&str> {
        match kind {
            crate::document::Kind::Query => Some(&self.query),
            crate::document::Kind::Mutation => self.mutation.as_deref(),
            crate::document::Kind::Subscription => None,
        }
    }

    /// Whether a field, an argument or an input object's field is of the type.
    pub fn uses(&self, name: &str) -> bool {
        let fields = || self.types.values().flat_map(|found| found.fields.values());
        let arguments = fields().flat_map(|field| field.arguments.values()).map(|argument| &argument.of_type);
        let inputs = self.inputs.values().flat_map(|input| input.values());
        fields().any(|field| field.type_name == name) || arguments.chain(inputs).any(|found| found.name() == name)
    }

    /// What one object of the type costs; scalars and enums, which have no fields here, cost what their `@cost` says.
    pub fn weight(&self, type_name: &str) -> f64 {
        self.types.get(type_name).map_or(0.0, |found| found.weight)
    }
}
