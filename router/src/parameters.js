import { excessOf } from './json-guard.js';
import { refusal } from './problem.js';

/**
 * What a request asks for, by the members of its body. Others are ignored, as GraphQL over HTTP lets servers do.
 * @typedef {{
 *   query: string,
 *   variables?: Record<string, unknown>,
 *   operationName?: string,
 *   extensions?: Record<string, unknown>,
 * }} Parameters
 */

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads what a POST asks for.
 * @param {Uint8Array} body
 * @returns {Parameters}
 * @throws {import('graphql').GraphQLError} a refusal when it is not what it has to be, or too much
 */
export function parametersOfBody(body) {
  const members = parseJson(body, 'The body');
  if (!isObject(members)) throw malformed('The body must be one JSON object with a `query`.');
  return checked(members);
}

/**
 * Reads what a GET asks for.
 * @param {string} search what follows the question mark
 * @returns {Parameters}
 * @throws {import('graphql').GraphQLError} a refusal when it is not what it has to be, or too much
 */
export function parametersOfAddress(search) {
  const given = new URLSearchParams(search);
  const parse = (/** @type {string} */ name) => {
    const text = given.get(name);
    return text ? parseJson(Buffer.from(text), `\`${name}\``) : undefined;
  };
  const [query, operationName] = [given.get('query'), given.get('operationName')];
  return checked({ query, operationName, variables: parse('variables'), extensions: parse('extensions') });
}

/**
 * @param {Uint8Array} bytes
 * @param {string} what the text is, for the client
 * @returns {unknown}
 */
function parseJson(bytes, what) {
  const excess = excessOf(bytes);
  if (excess) throw refusal('LIMIT_EXCEEDED', excess, 400);
  try {
    return JSON.parse(UTF_8.decode(bytes));
  } catch {
    throw malformed(`${what} is not JSON.`);
  }
}

/**
 * @param {Record<string, unknown>} members
 * @returns {Parameters}
 */
function checked({ query, variables, operationName, extensions }) {
  if (!isAbsent(variables) && !isObject(variables)) throw malformed('`variables` must be an object.');
  if (!isAbsent(extensions) && !isObject(extensions)) throw malformed('`extensions` must be an object.');
  if (!isAbsent(operationName) && typeof operationName !== 'string') throw malformed('`operationName` must be a string.');
  if (isAbsent(query) && isObject(extensions?.['persistedQuery'])) throw persistedQueryNotSupported();
  if (typeof query !== 'string') throw malformed('There must be a `query`, which is a string.');
  return { query, ...(variables && { variables }), ...(operationName && { operationName }), ...(extensions && { extensions }) };
}

/** Apollo Client takes this for its cue to send the query itself. */
function persistedQueryNotSupported() {
  return refusal('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported', 200);
}

/** @param {string} message */
function malformed(message) {
  return refusal('BAD_USER_INPUT', message, 400);
}

/** @param {unknown} value @returns {value is null | undefined} */
function isAbsent(value) {
  return value === null || value === undefined;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
