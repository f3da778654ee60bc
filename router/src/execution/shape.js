import { getNamedType, isAbstractType, isCompositeType, isEnumType, isListType, isNonNullType } from 'graphql';
import { argumentWithoutValue } from './argument-values.js';
import { collectFields, possibleTypes } from './collect.js';

/**
 * What an operation asks for once its fragments, conditions and repetitions are resolved, with the way in which the answer's
 * keys relate to those that the subgraphs are asked with (plain.js).
 * @typedef {import('./collect.js').Operation} Operation
 * @typedef {import('../authorization.js').Guard} Guard
 * @typedef {{ coordinate: string, argument: string }} Lacking an argument that has no value, for which its field fails
 */

/**
 * A field of the answer. `key` is the client's response key, `plainKey` the one that subgraphs are asked with.
 * @typedef {{
 *   key: string,
 *   plainKey: string,
 *   name: string,
 *   nodes: readonly import('graphql').FieldNode[],
 *   definition: import('graphql').GraphQLField<unknown, unknown> | undefined,
 *   value: ValueShape,
 *   isLocal: boolean,
 *   denied: Guard | Lacking | undefined,
 * }} FieldShape
 */

/**
 * A value of the answer: a list of items, an object with a selection, an enum's value, or any other leaf.
 * @typedef {{
 *   isRequired: boolean,
 *   item: ValueShape | undefined,
 *   selection: Selection | undefined,
 *   names: ReadonlySet<string> | undefined,
 * }} ValueShape
 */

/**
 * The fields of an object, by the name of its type. `only` is the type where no other is possible.
 * @typedef {{
 *   only: string | undefined,
 *   fields: ReadonlyMap<string, readonly FieldShape[]>,
 * }} Selection
 */

/**
 * Resolves an operation into what its answer looks like.
 * @param {Operation} operation
 * @param {(field: import('graphql').GraphQLField<unknown, unknown>) => Guard | undefined} denial what keeps the caller from seeing a field
 * @param {import('./keys.js').PlainKeys} plainKeys
 * @param {boolean} isLacking whether a value of the variables leaves arguments without one
 * @returns {Selection}
 */
export function shapeOf(operation, denial, plainKeys, isLacking) {
  const { schema } = operation;
  const root = /** @type {import('graphql').GraphQLObjectType} */ (schema.getRootType(operation.operation.operation));
  const isMutation = operation.operation.operation === 'mutation';

  /** @param {import('graphql').GraphQLCompositeType} type @param {readonly (import('graphql').SelectionSetNode | undefined)[]} nodes @returns {Selection} */
  const select = (type, nodes) => {
    const types = possibleTypes(schema, type);
    const fields = new Map(types.map((each) => [each.name, selectOn(each, nodes)]));
    return { only: isAbstractType(type) ? undefined : type.name, fields };
  };
  /** @param {import('graphql').GraphQLObjectType} type @param {readonly (import('graphql').SelectionSetNode | undefined)[]} nodes */
  const selectOn = (type, nodes) =>
    [...collectFields(operation, type, nodes)].map(([key, fieldNodes]) => resolve(type, key, fieldNodes));

  /** @param {import('graphql').GraphQLObjectType} parent @param {string} key @param {import('graphql').FieldNode[]} nodes @returns {FieldShape} */
  const resolve = (parent, key, nodes) => {
    const [node] = /** @type {[import('graphql').FieldNode]} */ (/** @type {unknown} */ (nodes));
    const name = node.name.value;
    const definition = name.startsWith('__') ? undefined : parent.getFields()[name];
    if (!definition) return { key, plainKey: name, name, nodes, definition, value: localValue(name), isLocal: true, denied: undefined };
    const denied = denial(definition) ?? lacking(node, definition, parent);
    // Mutations run as often as they are asked for, and what empties an object under one name does not empty it under another.
    const isKeptApart = (isMutation && parent === root) || isCompositeType(getNamedType(definition.type));
    const plainKey = denied ? name : plainKeys(node, definition, isKeptApart && key !== name ? key : '');
    const value = valueShape(definition.type, denied ? [] : nodes);
    return { key, plainKey, name, nodes, definition, value, isLocal: false, denied };
  };
  /** @param {import('graphql').FieldNode} node @param {import('graphql').GraphQLField<unknown, unknown>} definition @param {{ name: string }} parent @returns {Lacking | undefined} */
  const lacking = (node, definition, { name }) => {
    const argument = isLacking ? argumentWithoutValue(node, definition, operation.variables) : undefined;
    return argument === undefined ? undefined : { coordinate: `${name}.${definition.name}`, argument };
  };
  /** @param {import('graphql').GraphQLOutputType} type @param {readonly import('graphql').FieldNode[]} nodes @returns {ValueShape} */
  const valueShape = (type, nodes) => {
    const nullable = isNonNullType(type) ? type.ofType : type;
    const isList = isListType(nullable);
    const item = isList ? valueShape(nullable.ofType, nodes) : undefined;
    const isObject = !isList && isCompositeType(nullable) && nodes.length > 0;
    const selection = isObject ? select(nullable, nodes.map((node) => node.selectionSet)) : undefined;
    return { isRequired: isNonNullType(type), item, selection, names: isEnumType(nullable) ? namesOf(nullable) : undefined };
  };
  return select(root, [operation.operation.selectionSet]);
}

/**
 * What the router answers itself. Of these fields only `__type` may be null: there is no such type.
 * @param {string} name
 * @returns {ValueShape}
 */
function localValue(name) {
  return { isRequired: name !== '__type', item: undefined, selection: undefined, names: undefined };
}

const namesByEnum = /** @type {WeakMap<import('graphql').GraphQLEnumType, ReadonlySet<string>>} */ (new WeakMap());

/** @param {import('graphql').GraphQLEnumType} type */
function namesOf(type) {
  const known = namesByEnum.get(type);
  if (known) return known;
  const names = new Set(type.getValues().map(({ name }) => name));
  namesByEnum.set(type, names);
  return names;
}

/**
 * The selection at the end of a value's lists.
 * @param {ValueShape} value
 * @returns {Selection | undefined}
 */
export function innerSelection(value) {
  return value.item ? innerSelection(value.item) : value.selection;
}
