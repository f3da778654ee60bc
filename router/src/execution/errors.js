import { GraphQLError } from 'graphql';
import { innerSelection } from './shape.js';

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
 * have stands for the nearest object around it.
 * @param {import('./shape.js').Selection | undefined} selection
 * @param {any} data the plain data there
 * @param {readonly (string | number)[]} path
 * @returns {(string | number)[][]}
 */
export function answerPlaces(selection, data, path) {
  const [segment, ...rest] = path;
  if (segment === undefined || !selection) return [[]];
  if (typeof segment === 'number') return placesBelow([segment], selection, data?.[segment], rest);
  const places = fieldsCalled(segment, selection, data).flatMap(({ key, value }) => {
    return placesBelow([key], innerSelection(value), data?.[segment], rest);
  });
  return places.length > 0 ? places : [[]];
}

/** @param {(string | number)[]} start @param {import('./shape.js').Selection | undefined} selection @param {any} data @param {readonly (string | number)[]} path */
function placesBelow(start, selection, data, path) {
  return answerPlaces(selection, data, path).map((place) => [...start, ...place]);
}

/**
 * @param {string} plainKey
 * @param {import('./shape.js').Selection} selection
 * @param {any} object
 */
function fieldsCalled(plainKey, selection, object) {
  const known = selection.fields.get(selection.only ?? object?.__typename);
  const fields = known ?? [...selection.fields.values()].flat();
  return fields.filter((field) => !field.isLocal && !field.denied && field.plainKey === plainKey);
}
