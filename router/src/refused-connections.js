import { rawRefusal } from './answers.js';
import { LIMITS } from './bounds.js';
import { refusal } from './problem.js';

/**
 * What was asked on a connection: the last request, and the answers that are not finished.
 * @typedef {{ last: Exchange | undefined, unfinished: Set<import('node:http').ServerResponse>, isRefused: boolean }} Asked
 * @typedef {{ request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse }} Exchange
 * @typedef {NodeJS.ErrnoException & { rawPacket?: Buffer, bytesParsed?: number }} Fault
 */

const REQUEST_LINE = /^[!#$%&'*+.^_`|~\w-]+ (\S+) HTTP\/1\.[01]\r?\n/;

/** How much of what is no request is looked at. */
const LOOKED_AT = 16 * 1024;

/**
 * Answers what is no request of HTTP, or did not arrive in time, and closes its connection: after the answers to good requests before it.
 * @param {import('node:http').Server} server
 */
export function answerBadConnections(server) {
  const connections = /** @type {WeakMap<object, Asked>} */ (new WeakMap());
  /** @param {object} socket @returns {Asked} */
  const on = (socket) => {
    const asked = connections.get(socket) ?? { last: undefined, unfinished: new Set(), isRefused: false };
    connections.set(socket, asked);
    return asked;
  };
  server.on('request', (request, response) => {
    const asked = on(request.socket);
    asked.last = { request, response };
    asked.unfinished.add(response);
    response.once('close', () => asked.unfinished.delete(response));
  });
  server.on('clientError', (/** @type {Fault} */ error, socket) => refuse(on(socket), socket, refusalOf(error)));
  server.on('connect', (_, socket) => refuse(on(socket), socket, notFound()));
}

/**
 * @param {Asked} asked
 * @param {import('node:stream').Duplex} socket
 * @param {import('graphql').GraphQLError} reason
 */
function refuse(asked, socket, reason) {
  if (!socket.writable) return void socket.destroy();
  if (asked.isRefused) return; // It sends more of the same while answers are on their way.
  asked.isRefused = true;
  const { last, unfinished } = asked;
  const isBroken = last !== undefined && !last.request.complete;
  if (isBroken && last.response.headersSent) return void socket.destroy(); // It has its answer, which did not wait for the body.
  if (isBroken) unfinished.delete(last.response);
  const end = () => {
    if (unfinished.size === 0) socket.end(rawRefusal(reason), () => socket.destroy());
  };
  // `close` comes to the one above first.
  for (const response of unfinished) response.once('close', end);
  end();
}

/** @param {Fault} error */
function refusalOf(error) {
  const { code } = error;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusal('LIMIT_EXCEEDED', `The request did not arrive within ${LIMITS.bodySeconds} seconds.`, 408);
  if (code === 'HPE_HEADER_OVERFLOW') return refusal('LIMIT_EXCEEDED', 'The headers are larger than 16 KB.', 431);
  const path = code === 'HPE_INVALID_METHOD' ? pathIn(error) : undefined;
  if (path === undefined) return refusal('BAD_USER_INPUT', 'This is no request of HTTP.', 400);
  return path === '/graphql' ? wrongMethod() : notFound();
}

/**
 * The path of a request whose method Node does not know, which tells where it has stopped: in the method's letters.
 * @param {Fault} error
 */
function pathIn({ rawPacket, bytesParsed = 0 }) {
  if (!rawPacket) return undefined;
  let start = bytesParsed;
  while (start > 0 && isLetter(rawPacket[start - 1])) start -= 1;
  return REQUEST_LINE.exec(rawPacket.toString('latin1', start, start + LOOKED_AT))?.[1]?.split('?', 1)[0];
}

/** @param {number | undefined} byte */
function isLetter(byte = 0) {
  return /[A-Za-z]/.test(String.fromCharCode(byte));
}

/** What every other method than those of GraphQL is answered. */
export function wrongMethod() {
  return refusal('BAD_USER_INPUT', 'GraphQL takes GET and POST.', 405, { headers: { allow: 'GET, POST' } });
}

/** What every other path than GraphQL's is answered. */
export function notFound() {
  return refusal('NOT_FOUND', 'There is nothing here; GraphQL is at /graphql.', 404);
}
