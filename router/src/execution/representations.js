import { isAbstractType, isObjectType } from 'graphql';
import { rewritten } from './rewrites.js';

/**
 * What a subgraph is asked about: objects by what it needs to know of them, equal ones once.
 * @typedef {{ list: object[], indices: Map<string, number> }} Representations
 *
 * An object of the data and where it is.
 * @typedef {(string | number)[]} Place
 * @typedef {{ object: any, place: Place }} Target
 *
 * The objects that the answer about a representation belongs to, by the representation's index.
 * @typedef {Map<number, Target[]>} Targets
 *
 * @typedef {import('@graphql-hive/router-query-planner').RequiresSelection} Requirement
 * @typedef {import('@graphql-hive/router-query-planner').FlattenNodePathSegment} Segment
 * @typedef {import('@graphql-hive/router-query-planner').InputRewrite} Rewrite
 */

/** @returns {Representations} */
export function noRepresentations() {
  return { list: [], indices: new Map() };
}

/**
 * Adds the representations of objects. One that lacks what is required has none: it can't be asked about.
 * @param {Representations} representations
 * @param {Target[]} found
 * @param {{ requires?: Requirement[], inputRewrites?: Rewrite[] }} needs
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {Targets}
 */
export function represent(representations, found, { requires = [], inputRewrites = [] }, schema) {
  const targets = /** @type {Targets} */ (new Map());
  for (const target of found) {
    const representation = representationOf(target.object, requires, inputRewrites, schema);
    if (!representation) continue;
    const index = indexOf(representations, representation);
    const others = targets.get(index);
    if (others) others.push(target);
    else targets.set(index, [target]);
  }
  return targets;
}

/** @param {Representations} representations @param {object} representation */
function indexOf({ list, indices }, representation) {
  const identity = JSON.stringify(representation);
  const known = indices.get(identity);
  if (known !== undefined) return known;
  indices.set(identity, list.length);
  return list.push(representation) - 1;
}

/**
 * @param {any} object
 * @param {Requirement[]} requires
 * @param {Rewrite[]} rewrites
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {object | undefined}
 */
function representationOf(object, requires, rewrites, schema) {
  if (typeof object.__typename !== 'string') return undefined;
  const required = pick(object, requires, schema);
  if (!required || Object.keys(required).every((key) => key === '__typename')) return undefined;
  return rewritten({ __typename: object.__typename, ...required }, rewrites, schema);
}

/**
 * @param {any} value
 * @param {Requirement[]} requires
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {any}
 */
function pick(value, requires, schema) {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, requires, schema));
  const picked = /** @type {Record<string, unknown>} */ ({});
  for (const each of requires) {
    if (each.kind === 'Field') pickField(picked, value, each, schema);
    else if (each.kind === 'InlineFragment' && isOfType(schema, value.__typename, [each.typeCondition])) {
      Object.assign(picked, pick(value, each.selections, schema));
    }
  }
  return picked;
}

/**
 * @param {Record<string, unknown>} picked
 * @param {any} object
 * @param {import('@graphql-hive/router-query-planner').FieldRequiresNode} field
 * @param {import('graphql').GraphQLSchema} schema
 */
function pickField(picked, object, { name, alias = name, selections }, schema) {
  const value = object[alias] === undefined ? object[name] : object[alias];
  const chosen = selections?.length ? pick(value, selections, schema) : value;
  if (chosen !== null && chosen !== undefined) picked[alias] = chosen;
}

/**
 * The objects at a path of the data.
 * @param {any} value
 * @param {Segment[]} path
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {Target[]}
 */
export function targetsAt(value, path, schema) {
  const found = /** @type {Target[]} */ ([]);
  const place = /** @type {Place} */ ([]);
  /** @param {any} current @param {number} depth how much of the path is behind */
  const follow = (current, depth) => {
    if (current === null || typeof current !== 'object') return;
    const segment = path[depth];
    if (Array.isArray(current)) enter([...current.keys()], current, segment === '@' ? depth + 1 : depth);
    else if (segment === undefined) found.push({ object: current, place: [...place] });
    else if (segment === '@') return;
    else if ('Field' in segment) enter([segment.Field], current, depth + 1);
    else if (isOfType(schema, current.__typename, segment.TypeCondition)) follow(current, depth + 1);
  };
  /** @param {(string | number)[]} keys @param {any} current @param {number} depth */
  const enter = (keys, current, depth) => {
    for (const key of keys) {
      place.push(key);
      follow(current[key], depth);
      place.pop();
    }
  };
  follow(value, 0);
  return found;
}

/**
 * Whether an object of the named type meets one of the conditions. One that does not say its type meets all.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {unknown} typeName
 * @param {readonly string[]} conditions
 */
export function isOfType(schema, typeName, conditions) {
  if (typeof typeName !== 'string' || conditions.includes(typeName)) return true;
  const type = schema.getType(typeName);
  if (!isObjectType(type)) return false;
  return conditions.some((condition) => {
    const abstract = schema.getType(condition);
    return isAbstractType(abstract) && schema.isSubType(abstract, type);
  });
}
