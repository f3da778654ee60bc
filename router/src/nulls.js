import { isListType, isNonNullType } from 'graphql';

/**
 * The way to a field of an operation: response keys with the types of their fields, without the indices of lists.
 * @typedef {{ key: string, type: import('graphql').GraphQLOutputType }[]} Path
 */

/**
 * Where in the data the path is met first, list indices included.
 * @param {any} value
 * @param {Path} path
 * @param {number} [depth] how much of the path is behind
 * @returns {(string | number)[] | undefined}
 */
export function placeOf(value, path, depth = 0) {
  if (depth === path.length) return [];
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const rest = placeOf(item, path, depth);
      if (rest) return [index, ...rest];
    }
    return undefined;
  }
  const key = /** @type {{ key: string }} */ (path[depth]).key;
  if (value === null || typeof value !== 'object' || !(key in value)) return undefined;
  const rest = placeOf(value[key], path, depth + 1);
  return rest && [key, ...rest];
}

/**
 * The value with null at the end of the path, or nearer to its root where a field on the way must not be null.
 * @param {any} value
 * @param {Path} path
 * @param {number} [depth] how much of the path is behind
 */
export function withNull(value, path, depth = 0) {
  const step = path[depth];
  if (!step || value === null || typeof value !== 'object' || !(step.key in value)) return value;
  const inner = depth + 1 === path.length ? null : withNullInside(value[step.key], step.type, path, depth + 1);
  return inner === null && isNonNullType(step.type) ? null : { ...value, [step.key]: inner };
}

/**
 * @param {any} value
 * @param {import('graphql').GraphQLOutputType} type
 * @param {Path} path
 * @param {number} depth
 * @returns {any}
 */
function withNullInside(value, type, path, depth) {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (!isListType(nullable) || !Array.isArray(value)) return withNull(value, path, depth);
  const items = value.map((item) => withNullInside(item, nullable.ofType, path, depth));
  return isNonNullType(nullable.ofType) && items.includes(null) ? null : items;
}
