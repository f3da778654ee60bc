import { STATUS_CODES } from 'node:http';
import { GraphQLError } from 'graphql';
import { LIMITS } from './bounds.js';
import { compressed } from './compression.js';
import { DEFAULT_MEDIA_TYPE } from './media-types.js';
import { httpOf, problem } from './problem.js';

const INTERNAL = 'Something went wrong on our side.';

/**
 * An answer over HTTP, before it is compressed.
 * @typedef {{ status: number, headers: Record<string, string>, text: string }} Answer
 */

/** What every answer says: any page may ask, since tokens come in a header, and nobody is to guess what the answer is. */
const HEADERS_OF_ALL = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-correlation-id, retry-after, www-authenticate',
  'x-content-type-options': 'nosniff',
};

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {Answer} answer
 */
export async function send(request, response, { status, headers, text }) {
  const { body, headers: encoding } = await compressed(text, request.headers['accept-encoding']);
  if (response.destroyed || response.headersSent) return; // The client has gone meanwhile, or was answered that it took too long.
  response.writeHead(status, {
    ...HEADERS_OF_ALL,
    vary: 'accept, accept-encoding',
    ...headers,
    ...encoding,
    ...(status !== 204 && { 'content-length': String(body.length) }),
  });
  response.end(body);
  endSlowReading(response);
}

/**
 * Somebody who does not read an answer keeps it in our memory.
 * @param {import('node:http').ServerResponse} response ended
 */
export function endSlowReading(response) {
  const timer = setTimeout(() => response.destroy(), LIMITS.requestSeconds * 1_000);
  response.once('close', () => clearTimeout(timer));
}

/**
 * The answer to a request that was refused before the runtime saw it.
 * @param {GraphQLError} error
 * @param {string} [mediaType]
 * @returns {Answer}
 */
export function refusalAnswer(error, mediaType = DEFAULT_MEDIA_TYPE) {
  const { message, extensions } = error;
  const { status, headers } = httpOf(error) ?? { status: 500 };
  const text = JSON.stringify({ errors: [{ message, extensions: { code: extensions['code'] } }] });
  return { status, headers: { 'content-type': `${mediaType}; charset=utf-8`, ...headers }, text };
}

/**
 * The same for a connection on which nobody could be made out to answer to.
 * @param {GraphQLError} error
 */
export function rawRefusal(error) {
  const { status, headers, text } = refusalAnswer(error);
  const all = { ...HEADERS_OF_ALL, ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(text)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`;
}

export function internalError() {
  return problem('INTERNAL', INTERNAL);
}
