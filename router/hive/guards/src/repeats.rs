//! How often fields meet others of the same key at the same place. Whether they may is found out by comparing each with each:
//! a document of five thousand times the same field is compared twelve million times.

use std::collections::HashMap;

use crate::document::{Document, Selection};
use crate::{Limits, Refusal};

/// Fields, fragments and spreads, as often as they are used.
const STEPS: usize = 20_000;

/// Refuses a document whose fields would be compared too often.
///
/// # Errors
/// LIMIT_EXCEEDED.
pub fn check(document: &Document, limits: &Limits) -> Result<(), Refusal> {
    for operation in &document.operations {
        let mut merged = Merged { document, places: vec![HashMap::new()], comparisons: 0, most: limits.comparisons, steps: 0 };
        merged.add(&operation.selections, 0)?;
    }
    Ok(())
}

/// The answer's shape: what keys each place has, how often each is selected, and which place it leads to.
struct Merged<'a> {
    document: &'a Document,
    places: Vec<HashMap<&'a str, (usize, usize)>>,
    comparisons: usize,
    most: usize,
    steps: usize,
}

impl<'a> Merged<'a> {
    fn add(&mut self, selections: &'a [Selection], place: usize) -> Result<(), Refusal> {
        for selection in selections {
            self.steps += 1;
            if self.steps > STEPS || self.comparisons > self.most {
                return Err(Refusal::excess("The operation selects the same fields too often."));
            }
            match selection {
                Selection::Inline { selections, .. } => self.add(selections, place)?,
                Selection::Spread { name, .. } => {
                    let Some(index) = self.document.fragment(name) else { continue };
                    self.add(&self.document.fragments[index].selections, place)?;
                }
                Selection::Field(field) => {
                    let inner = self.count(field.key(), place);
                    self.add(&field.selections, inner)?;
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, key: &'a str, place: usize) -> usize {
        let next = self.places.len();
        let (count, inner) = self.places[place].entry(key).or_insert((0, next));
        let (earlier, inner) = (*count, *inner);
        *count += 1;
        self.comparisons += earlier;
        if inner == next {
            self.places.push(HashMap::new());
        }
        inner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> bool {
        check(&Document::parse(text, &Limits::committed()).expect("a document"), &Limits::committed()).is_err()
    }

    #[test]
    fn the_same_field_at_the_same_place_counts_wherever_it_is_written() {
        assert!(!refused(&format!("{{ a {{ {} }} }}", "b ".repeat(140))));
        assert!(refused(&format!("{{ a {{ {} }} }}", "b ".repeat(150))));
        assert!(refused(&format!("{{ {} }}", "a { b ... { a { c } } }".repeat(150))));
        assert!(refused(&format!("{{ {} }} fragment F on Q {{ a a a }}", "...F ".repeat(50))));
    }

    #[test]
    fn the_same_field_at_other_places_does_not() {
        let pages: String = (0..90).map(|page| format!("page{page}: a {{ b {{ c d e f g }} }}")).collect();
        assert!(!refused(&format!("{{ {pages} }}")));
    }
}
