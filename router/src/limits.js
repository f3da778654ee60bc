import { Kind } from 'graphql';
import { LIMITS } from './bounds.js';
import { documentRefusal } from './problem.js';

/**
 * How much a selection asks for, its fragments included as often as they are used. `introspection` is what it asks about the schema, and
 * `described` what it would ask if it were a part of that.
 * @typedef {{ depth: number, aliases: number, fields: number, roots: number, described: number, introspection: number }} Size
 */

/**
 * What a document asks for too much of, before it is validated: validation itself is what such documents overload.
 * @param {import('graphql').DocumentNode} document
 * @returns {import('graphql').GraphQLError | undefined} a refusal
 */
export function excessOf(document) {
  const measure = createMeasure(document);
  let fields = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(definition.selectionSet);
    fields += size.fields; // Validation works on all operations, whichever is meant.
    if (size.depth > LIMITS.depth) return exceeded(`The operation is more than ${LIMITS.depth} fields deep.`);
    if (size.aliases > LIMITS.aliases) return exceeded(`The operation has more than ${LIMITS.aliases} aliases.`);
    if (fields > LIMITS.fields) return exceeded(`The document has more than ${LIMITS.fields} fields.`);
    if (definition.operation === 'mutation' && size.roots > LIMITS.mutations) return exceeded(`The operation has more than ${LIMITS.mutations} mutations.`);
    if (size.introspection > LIMITS.introspection) return exceeded('The operation asks too much about the schema: more than two whole introspections.');
  }
  return undefined;
}

/** How long the lists of a schema's description are, about; a type that is asked for by name may be a long one, such as Query. */
const DESCRIPTION_SIZES = new Map(Object.entries({ types: 200, __type: 20, fields: 8, args: 2, inputFields: 4, enumValues: 5, possibleTypes: 2, directives: 3 }));

/**
 * About how many objects and values the answer has that tells of the schema.
 * @param {string} field
 * @param {Size | undefined} inner
 */
function descriptionSize(field, inner) {
  return (DESCRIPTION_SIZES.get(field) ?? 1) * (1 + (inner?.described ?? 0));
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
    const nothing = { depth: 0, aliases: 0, fields: 0, roots: 0, described: 0, introspection: 0 };
    measured.set(name, nothing); // A fragment within itself ends here; validation refuses it.
    const fragment = fragments.get(name);
    const size = fragment ? measure(fragment.selectionSet) : nothing;
    measured.set(name, size);
    return size;
  };

  /** @param {import('graphql').SelectionNode} selection @returns {Size} */
  const measureSelection = (selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet);
    const inner = selection.selectionSet && measure(selection.selectionSet);
    const described = descriptionSize(selection.name.value, inner);
    const own = { depth: 1, aliases: selection.alias ? 1 : 0, fields: 1, roots: 1, described };
    // Introspection is deep by nature, and has a measure of its own.
    if (isIntrospection(selection)) return { ...own, introspection: described };
    if (!inner) return { ...own, introspection: 0 };
    const { depth, aliases, fields, introspection } = inner;
    return { ...own, depth: own.depth + depth, aliases: own.aliases + aliases, fields: own.fields + fields, introspection };
  };

  /** @param {import('graphql').SelectionSetNode} selectionSet @returns {Size} */
  const measure = ({ selections }) => {
    const size = { depth: 0, aliases: 0, fields: 0, roots: 0, described: 0, introspection: 0 };
    for (const selection of selections) {
      const { depth, aliases, fields, roots, described, introspection } = measureSelection(selection);
      size.depth = Math.max(size.depth, depth);
      size.aliases += aliases;
      size.fields += fields;
      size.roots += roots;
      size.described += described;
      size.introspection += introspection;
    }
    return size;
  };
  return measure;
}

/** @param {import('graphql').FieldNode} field */
function isIntrospection({ name }) {
  return name.value === '__schema' || name.value === '__type';
}

/** @param {string} message */
function exceeded(message) {
  return documentRefusal('LIMIT_EXCEEDED', message);
}
