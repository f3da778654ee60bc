import { GraphQLError } from 'graphql';
import { innerSelection } from './shape.js';

/** @typedef {import('./shape.js').Selection} Selection */

/**
 * The same error at another place of the answer.
 * @param {GraphQLError} error
 * @param {readonly (string | number)[] | undefined} path
 */
export function atPath(error, path) {
  const { message, nodes, source, positions, originalError, extensions } = error;
  return new GraphQLError(message, { nodes, source, positions, path: path?.length ? path : undefined, originalError, extensions });
}

/**
 * The places of the answer that a place of the plain data stands for: as many as the client gave it names. What the answer does not
 * have, such as a key that only the router needed, stands for the nearest object around it.
 * @param {Selection} selection
 * @param {any} data the plain data
 * @param {readonly (string | number)[]} path
 * @returns {(string | number)[][]}
 */
export function answerPlaces(selection, data, path) {
  for (let length = path.length; length > 0; length -= 1) {
    const places = exactPlaces(selection, data, path.slice(0, length));
    if (places.length > 0) return places;
  }
  return [[]];
}

/**
 * @param {Selection | undefined} selection
 * @param {any} data
 * @param {readonly (string | number)[]} path
 * @returns {(string | number)[][]}
 */
function exactPlaces(selection, data, path) {
  const [segment, ...rest] = path;
  if (segment === undefined) return [[]];
  const inner = data?.[segment];
  if (typeof segment === 'number') return exactPlaces(selection, inner, rest).map((place) => [segment, ...place]);
  if (!selection) return [];
  return fieldsCalled(segment, selection, data).flatMap(({ key, value }) => {
    return exactPlaces(innerSelection(value), inner, rest).map((place) => [key, ...place]);
  });
}

/**
 * @param {string} plainKey
 * @param {Selection} selection
 * @param {any} object
 */
function fieldsCalled(plainKey, selection, object) {
  const known = selection.fields.get(selection.only ?? object?.__typename);
  const fields = known ?? [...selection.fields.values()].flat();
  return fields.filter((field) => !field.isLocal && !field.denied && field.plainKey === plainKey);
}
