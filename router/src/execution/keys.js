import { print } from 'graphql';

/**
 * Gives a field the response key that subgraphs are asked with. `distinct` keeps equal fields apart where each must run.
 * @typedef {(
 *   node: import('graphql').FieldNode,
 *   definition: import('graphql').GraphQLField<unknown, unknown>,
 *   distinct: string,
 * ) => string} PlainKeys
 */

/**
 * Makes the keys of one operation. A field has its own name; with other arguments than at an earlier place it has a number too,
 * the same wherever it is asked for alike. No such key is the name of another field: what plans and
 * representations know of an object by a name is what the schema calls so, whatever the client's aliases.
 * @param {ReadonlySet<string>} fieldNames all names of fields of the schema
 * @returns {PlainKeys}
 */
export function createPlainKeys(fieldNames) {
  const keys = /** @type {Map<string, string>} */ (new Map());
  const variants = /** @type {Map<string, number>} */ (new Map());
  /** @param {string} name */
  const nextKey = (name) => {
    let number = variants.get(name) ?? 0;
    do number += 1;
    while (number > 1 && fieldNames.has(`${name}_${number}`));
    variants.set(name, number);
    return number === 1 ? name : `${name}_${number}`;
  };
  return (node, definition, distinct) => {
    const variant = [definition.name, distinct, ...argumentTexts(node)].join('\n');
    const known = keys.get(variant);
    if (known !== undefined) return known;
    const key = nextKey(definition.name);
    keys.set(variant, key);
    return key;
  };
}

/** @param {import('graphql').FieldNode} node */
function argumentTexts(node) {
  return (node.arguments ?? []).map((argument) => print(argument)).sort();
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {ReadonlySet<string>}
 */
export function fieldNamesOf(schema) {
  const types = Object.values(schema.getTypeMap());
  return new Set(types.flatMap((type) => ('getFields' in type ? Object.keys(type.getFields()) : [])));
}
