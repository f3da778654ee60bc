import { getIntrospectionQuery, Kind, parse } from 'graphql';
import { documentRefusal } from '../problem.js';

/**
 * How much of a schema one request may ask for: so many times what tools ask for, which is all of it. Aliases would multiply it
 * without a bound, since introspection costs no subgraph anything and is not counted elsewhere.
 */
const MOST_SCHEMAS = 3;

/** @typedef {ReadonlyMap<string, import('graphql').FragmentDefinitionNode>} Fragments */

/**
 * Makes the function that refuses introspection that asks for too much.
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {(document: import('graphql').DocumentNode) => void} throws LIMIT_EXCEEDED
 */
export function createIntrospectionLimit(schema) {
  const sizes = sizesOf(schema);
  const whole = fieldsIn(parse(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true })), sizes);
  return (document) => {
    if (fieldsIn(document, sizes) <= MOST_SCHEMAS * whole) return;
    throw documentRefusal('LIMIT_EXCEEDED', `The introspection asks for more than ${MOST_SCHEMAS} times the schema.`);
  };
}

/**
 * About how many items the lists of the introspection's types have.
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {Record<string, number>}
 */
function sizesOf(schema) {
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) => ('getFields' in type ? Object.values(type.getFields()) : []));
  const argumentCount = fields.reduce((sum, field) => sum + ('args' in field ? field.args.length : 0), 0);
  const values = types.flatMap((type) => ('getValues' in type ? type.getValues() : []));
  const perType = Math.ceil(fields.length / types.length);
  return {
    types: types.length,
    fields: perType,
    inputFields: perType,
    args: Math.ceil(argumentCount / fields.length),
    enumValues: Math.ceil(values.length / types.length),
    directives: schema.getDirectives().length,
    // Tools ask for many layers of lists and non-nulls; most types have one, or none.
    ofType: 0.4,
    // Few types have any.
    interfaces: 0.1,
    possibleTypes: 0.1,
  };
}

/**
 * About how many fields the answer has. A fragment is measured once, however often it is spread.
 * @param {import('graphql').DocumentNode} document
 * @param {Record<string, number>} sizes
 */
function fieldsIn(document, sizes) {
  const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])));
  const measured = /** @type {Map<string, number>} */ (new Map());
  /** @param {import('graphql').SelectionSetNode | undefined} selectionSet @returns {number} */
  const measure = (selectionSet) => (selectionSet?.selections ?? []).reduce((sum, selection) => sum + measureSelection(selection), 0);
  /** @param {import('graphql').SelectionNode} selection */
  const measureSelection = (selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value);
    const inner = measure(selection.selectionSet);
    return selection.kind === Kind.FIELD ? 1 + (sizes[selection.name.value] ?? 1) * inner : inner;
  };
  /** @param {string} name */
  const measureFragment = (name) => {
    const fields = measured.get(name) ?? measure(fragments.get(name)?.selectionSet);
    measured.set(name, fields);
    return fields;
  };
  return document.definitions.reduce((sum, node) => sum + (node.kind === Kind.OPERATION_DEFINITION ? measure(node.selectionSet) : 0), 0);
}
