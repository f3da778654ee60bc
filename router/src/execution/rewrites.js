import { isOfType } from './representations.js';

/**
 * The planner's small repairs of data: another name for a key, or another value.
 * @typedef {import('@graphql-hive/router-query-planner').FetchRewrite} Rewrite
 * @typedef {import('@graphql-hive/router-query-planner').FetchNodePathSegment} Segment
 */

/**
 * @param {any} data
 * @param {readonly Rewrite[]} rewrites
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {any} the data, changed in place
 */
export function rewritten(data, rewrites, schema) {
  for (const rewrite of rewrites) {
    if ('KeyRenamer' in rewrite) rename(data, rewrite.KeyRenamer.path, rewrite.KeyRenamer.renameKeyTo, schema);
    else if ('ValueSetter' in rewrite) set(data, rewrite.ValueSetter.path, rewrite.ValueSetter.setValueTo, schema);
    else set(data, rewrite.path, rewrite.setValueTo, schema);
  }
  return data;
}

/** @param {any} data @param {Segment[]} path @param {string} name @param {import('graphql').GraphQLSchema} schema */
function rename(data, path, name, schema) {
  atOwner(data, path, schema, (owner, key) => {
    owner[name] = owner[key];
    delete owner[key];
  });
}

/** @param {any} data @param {Segment[]} path @param {string} value @param {import('graphql').GraphQLSchema} schema */
function set(data, path, value, schema) {
  atOwner(data, path, schema, (owner, key) => {
    owner[key] = value;
  });
}

/**
 * Calls back with each object that holds the path's last key.
 * @param {any} value
 * @param {Segment[]} path
 * @param {import('graphql').GraphQLSchema} schema
 * @param {(owner: any, key: string) => void} change
 */
function atOwner(value, path, schema, change) {
  const [segment, ...rest] = path;
  if (!segment || value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) value.forEach((item) => atOwner(item, path, schema, change));
  else if ('TypenameEquals' in segment) {
    if (isOfType(schema, value.__typename, [segment.TypenameEquals].flat())) atOwner(value, rest, schema, change);
  } else if (rest.length > 0) atOwner(value[segment.Key], rest, schema, change);
  else if (segment.Key in value) change(value, segment.Key);
}
