import { GraphQLError } from 'graphql';

/**
 * The codes that clients meet in `extensions.code`. All subgraphs use the same ones.
 * @typedef {'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'BAD_USER_INPUT' | 'CONFLICT' | 'RATE_LIMITED'
 *   | 'LIMIT_EXCEEDED' | 'UNAVAILABLE' | 'INTERNAL'} Code
 */
const CODES = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'RATE_LIMITED',
  'LIMIT_EXCEEDED',
  'UNAVAILABLE',
  'INTERNAL',
]);

/**
 * @param {unknown} code
 * @returns {code is Code}
 */
export function isCode(code) {
  return CODES.has(/** @type {string} */ (code));
}

/**
 * An error for the client.
 * @param {Code} code
 * @param {string} message
 * @param {{ path?: readonly (string | number)[] | undefined, nodes?: readonly import('graphql').ASTNode[] }} [place]
 */
export function problem(code, message, place) {
  return new GraphQLError(message, { ...place, extensions: { code } });
}

/**
 * An error that refuses the whole request. Its HTTP status shows to clients that accept application/graphql-response+json;
 * for application/json it is 200, as GraphQL over HTTP asks for.
 * @param {Code} code
 * @param {string} message
 * @param {number} status
 */
export function refusal(code, message, status) {
  return new GraphQLError(message, { extensions: { code, http: { status, spec: true } } });
}
