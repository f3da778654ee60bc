import { Kind } from 'graphql';
import { LIMITS } from './bounds.js';

/**
 * How much a selection asks for, its fragments included as often as they are used. Selections are fields, braces and spreads; nesting
 * is how many of them are within each other.
 * @typedef {{ depth: number, nesting: number, aliases: number, fields: number, selections: number, roots: number, introspections: number }} Size
 */

/** @type {Readonly<Size>} */
const NOTHING = { depth: 0, nesting: 0, aliases: 0, fields: 0, selections: 0, roots: 0, introspections: 0 };

/**
 * What a document asks for too much of, before it is validated: validation itself is what such documents overload.
 * @param {import('graphql').DocumentNode} document
 * @returns {string | undefined} what, for the client
 */
export function excessOf(document) {
  const measure = createMeasure(document);
  let fields = 0;
  let selections = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(definition.selectionSet);
    fields += size.fields; // Validation works on all operations, whichever is meant.
    selections += size.selections;
    if (size.depth > LIMITS.depth) return `The operation is more than ${LIMITS.depth} fields deep.`;
    if (size.aliases > LIMITS.aliases) return `The operation has more than ${LIMITS.aliases} aliases.`;
    if (fields > LIMITS.fields) return `The document has more than ${LIMITS.fields} fields.`;
    if (selections > LIMITS.selections) return `The document has more than ${LIMITS.selections} fields, braces and spreads.`;
    if (size.nesting > LIMITS.nesting) return `The operation has more than ${LIMITS.nesting} fields and fragments within each other.`;
    if (definition.operation === 'mutation' && size.roots > LIMITS.mutations) return `The operation has more than ${LIMITS.mutations} mutations.`;
    if (size.introspections > LIMITS.introspections) return `The operation asks about the schema more than ${LIMITS.introspections} times.`;
  }
  return undefined;
}

/**
 * Each fragment is measured once, so that the time is linear in the document however often fragments spread each other.
 * @param {import('graphql').DocumentNode} document
 */
function createMeasure(document) {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const measured = /** @type {Map<string, Size>} */ (new Map());

  /** @param {string} name @returns {Size} */
  const measureFragment = (name) => {
    const earlier = measured.get(name);
    if (earlier) return earlier;
    measured.set(name, NOTHING); // A fragment within itself ends here; validation refuses it.
    const fragment = fragments.get(name);
    const size = fragment ? measure(fragment.selectionSet) : NOTHING;
    measured.set(name, size);
    return size;
  };

  /** @param {import('graphql').SelectionNode} selection @returns {Size} */
  const measureSelection = (selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet);
    const own = { ...NOTHING, depth: 1, aliases: selection.alias ? 1 : 0, fields: 1, roots: 1 };
    // Introspection is deep by nature; how much it asks for is measured where it is executed.
    const inner = selection.selectionSet ? measure(selection.selectionSet) : NOTHING;
    if (isIntrospection(selection)) return { ...own, introspections: 1, nesting: inner.nesting };
    const { depth, nesting, aliases, fields, selections, introspections } = inner;
    return { ...own, depth: own.depth + depth, nesting, aliases: own.aliases + aliases, fields: own.fields + fields, selections, introspections };
  };

  /** @param {import('graphql').SelectionSetNode} selectionSet @returns {Size} */
  const measure = ({ selections }) => {
    const size = { ...NOTHING };
    for (const selection of selections) {
      const { depth, nesting, aliases, fields, roots, introspections, selections: inner } = measureSelection(selection);
      size.depth = Math.max(size.depth, depth);
      size.nesting = Math.max(size.nesting, nesting + 1);
      size.aliases += aliases;
      size.fields += fields;
      size.selections += 1 + inner;
      size.roots += roots;
      size.introspections += introspections;
    }
    return size;
  };
  return measure;
}

/** @param {import('graphql').FieldNode} field */
function isIntrospection({ name }) {
  return name.value === '__schema' || name.value === '__type';
}
