import { GraphQLError } from 'graphql';

/** The codes that clients meet in `extensions.code`; docs/frontend/errors.md explains them. All subgraphs use the same ones. */
const CODES = /** @type {const} */ ([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'RATE_LIMITED',
  'LIMIT_EXCEEDED',
  'UNAVAILABLE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'INTERNAL',
]);
const KNOWN = new Set(/** @type {readonly unknown[]} */ (CODES));

/** @typedef {typeof CODES[number]} Code */

/**
 * @param {unknown} code
 * @returns {code is Code}
 */
export function isCode(code) {
  return KNOWN.has(code);
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
 * An error that refuses the whole request, with a status that shows whatever the client accepts.
 * @param {Code} code
 * @param {string} message
 * @param {number} status
 * @param {{ headers?: Record<string, string> }} [further]
 */
export function refusal(code, message, status, { headers } = {}) {
  return new GraphQLError(message, { extensions: { code, http: { status, ...(headers && { headers }) } } });
}

/**
 * An error that refuses what a request asks for, though it could be read: its status is 400 for clients that accept
 * application/graphql-response+json, and 200 for application/json, as GraphQL over HTTP asks for.
 * @param {Code} code
 * @param {string} message
 * @param {{ nodes?: readonly import('graphql').ASTNode[] | undefined, source?: import('graphql').Source | undefined,
 *   positions?: readonly number[] | undefined, extensions?: Record<string, unknown> }} [further]
 */
export function documentRefusal(code, message, { extensions, ...place } = {}) {
  return new GraphQLError(message, { ...place, extensions: { code, ...extensions, http: { status: 400, spec: true } } });
}

/**
 * How an error refuses the request over HTTP, if it does.
 * @param {GraphQLError} error
 * @returns {{ status: number, spec?: boolean, headers?: Record<string, string> } | undefined}
 */
export function httpOf({ extensions }) {
  return /** @type {any} */ (extensions['http']);
}
