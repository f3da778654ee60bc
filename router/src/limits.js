import { Kind } from 'graphql';
import { LIMITS } from './bounds.js';
import { documentRefusal } from './problem.js';

/**
 * How much a selection asks for, its fragments included as often as they are used.
 * @typedef {{ depth: number, aliases: number, fields: number, roots: number }} Size
 */

/**
 * What a document asks for too much of, before it is validated: validation itself is what such documents overload.
 * @param {import('graphql').DocumentNode} document
 * @returns {import('graphql').GraphQLError | undefined} a refusal
 */
export function excessOf(document) {
  const measure = createMeasure(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(definition.selectionSet);
    if (size.depth > LIMITS.depth) return exceeded(`The operation is more than ${LIMITS.depth} fields deep.`);
    if (size.aliases > LIMITS.aliases) return exceeded(`The operation has more than ${LIMITS.aliases} aliases.`);
    if (size.fields > LIMITS.fields) return exceeded(`The operation has more than ${LIMITS.fields} fields.`);
    if (definition.operation === 'mutation' && size.roots > LIMITS.mutations) return exceeded(`The operation has more than ${LIMITS.mutations} mutations.`);
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
    const nothing = { depth: 0, aliases: 0, fields: 0, roots: 0 };
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
    // Introspection is deep by nature; graphql-js has a validation rule of its own against its abuse.
    const inner = selection.selectionSet && !isIntrospection(selection) ? measure(selection.selectionSet) : undefined;
    return {
      depth: 1 + (inner?.depth ?? 0),
      aliases: (selection.alias ? 1 : 0) + (inner?.aliases ?? 0),
      fields: 1 + (inner?.fields ?? 0),
      roots: 1,
    };
  };

  /** @param {import('graphql').SelectionSetNode} selectionSet @returns {Size} */
  const measure = ({ selections }) => {
    const size = { depth: 0, aliases: 0, fields: 0, roots: 0 };
    for (const selection of selections) {
      const { depth, aliases, fields, roots } = measureSelection(selection);
      size.depth = Math.max(size.depth, depth);
      size.aliases += aliases;
      size.fields += fields;
      size.roots += roots;
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
