import { GraphQLError } from 'graphql';
import { problem } from '../problem.js';
import { denial } from '../authorization.js';
import { answerPlaces, atPath } from './errors.js';

/**
 * @typedef {import('./shape.js').Selection} Selection
 * @typedef {import('./shape.js').FieldShape} FieldShape
 * @typedef {import('./shape.js').ValueShape} ValueShape
 * @typedef {{ data: Record<string, any>, errors: readonly GraphQLError[] }} Outcome
 */

const INTERNAL = 'Something went wrong on our side.';

/**
 * Makes the client's answer of the plain one: the specification's CompleteValue. Keys are those of the document, in its order; a null
 * where none may be empties the nearest place around it that may be null. Denied fields are null with an error, once each.
 * @param {Selection} selection
 * @param {Outcome} outcome of the plain operation
 * @param {Record<string, unknown>} local what the router answers itself, by response key
 * @param {boolean} isAnonymous
 * @returns {import('graphql').ExecutionResult}
 */
export function complete(selection, outcome, local, isAnonymous) {
  const errors = outcome.errors.flatMap((error) => relocated(error, selection, outcome.data));
  const completion = createCompletion(local, isAnonymous);
  const data = completion.completeObject(outcome.data, selection);
  errors.push(...completion.denials);
  // A subgraph that knows nothing of an entity empties what is around it, which is no error. Where nothing is left there must be one.
  if (errors.length === 0 && data === null) errors.push(problem('INTERNAL', INTERNAL, { path: completion.lost }));
  return errors.length > 0 ? { data, errors } : { data };
}

/** @param {GraphQLError} error @param {Selection} selection @param {any} data */
function relocated(error, selection, data) {
  if (!error.path) return [error];
  return answerPlaces(selection, data, error.path).map((place) => atPath(error, place));
}

/** @param {Record<string, unknown>} local @param {boolean} isAnonymous */
function createCompletion(local, isAnonymous) {
  const path = /** @type {(string | number)[]} */ ([]);
  const denied = /** @type {Map<FieldShape, GraphQLError>} */ (new Map());
  const completion = { completeObject, denials: /** @type {GraphQLError[]} */ ([]), lost: /** @type {(string | number)[] | undefined} */ (undefined) };

  /** @param {any} object @param {Selection} selection @returns {Record<string, unknown> | null} null where a field must not be null */
  function completeObject(object, selection) {
    if (typeof object !== 'object' || Array.isArray(object)) return null;
    const typeName = selection.only ?? object.__typename;
    const fields = selection.fields.get(typeName);
    if (!fields) return null;
    const completed = /** @type {Record<string, unknown>} */ (Object.create(null)); // An alias may be `__proto__`.
    for (const field of fields) {
      const value = completeField(object, field, typeName);
      if (value === null && field.value.isRequired) return null;
      completed[field.key] = value;
    }
    return completed;
  }
  /** @param {any} object @param {FieldShape} field @param {string} typeName */
  function completeField(object, field, typeName) {
    if (field.isLocal) return field.name === '__typename' ? typeName : local[field.key];
    path.push(field.key);
    if (field.denied) deny(field, field.denied);
    const value = field.denied ? null : completeValue(object[field.plainKey], field.value);
    path.pop();
    return value;
  }
  /** @param {any} value @param {ValueShape} shape @returns {any} */
  function completeValue(value, shape) {
    const completed = value === null || value === undefined ? null : completePresent(value, shape);
    if (completed === null && shape.isRequired) completion.lost ??= [...path];
    return completed;
  }
  /** @param {any} value @param {ValueShape} shape */
  function completePresent(value, shape) {
    if (shape.item) return completeList(value, shape.item);
    if (shape.selection) return completeObject(value, shape.selection);
    return shape.names && !shape.names.has(value) ? null : value;
  }
  /** @param {any} items @param {ValueShape} shape */
  function completeList(items, shape) {
    if (!Array.isArray(items)) return null;
    const completed = [];
    for (let index = 0; index < items.length; index += 1) {
      path.push(index);
      const item = completeValue(items[index], shape);
      path.pop();
      if (item === null && shape.isRequired) return null;
      completed.push(item);
    }
    return completed;
  }
  /** @param {FieldShape} field @param {NonNullable<FieldShape['denied']>} reason */
  function deny(field, reason) {
    if (denied.has(field)) return;
    const error = 'argument' in reason ? lacking(reason, [...path]) : denial(reason, field.nodes, [...path], isAnonymous);
    denied.set(field, error);
    completion.denials.push(error);
  }
  return completion;
}

/** @param {import('./shape.js').Lacking} reason @param {(string | number)[]} path */
function lacking({ coordinate, argument }, path) {
  return problem('BAD_USER_INPUT', `A variable in the argument ${argument} of ${coordinate} is null, which it does not take.`, { path });
}
