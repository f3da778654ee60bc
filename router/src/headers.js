import { randomBytes, randomUUID } from 'node:crypto';
import { followFiles } from './reloading.js';

const CORRELATION_ID = /^[\w.:-]{1,128}$/;
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Who shows people from where they are logged in. */
const USERS = 'users';

/**
 * Sees to it that a request has a correlation id: the client's, or one that begins here.
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @returns {string} the id
 */
export function nameRequest(headers) {
  const given = headers['x-correlation-id'];
  const id = typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
  headers['x-correlation-id'] = id;
  return id;
}

/**
 * Sees to it that a request tells from where it came: a proxy in front of the router has said so, or it is who is connected.
 * @param {import('node:http').IncomingMessage} request
 */
export function nameOrigin({ headers, socket }) {
  headers['x-forwarded-for'] ??= socket.remoteAddress ?? '';
}

/**
 * Sends a request's tokens, correlation id and trace on to the subgraphs, with the secret by which they know the router;
 * users is told of its origin, too. Nothing else of a client's headers reaches them. Where the client sent no trace, it
 * begins here.
 * @param {() => string} routerSecret
 * @returns {import('@graphql-hive/gateway-runtime').GatewayPlugin}
 */
export function useSubgraphHeaders(routerSecret) {
  const forwarded = /** @type {WeakMap<object, Record<string, string>>} */ (new WeakMap());
  return {
    onParams({ request }) {
      forwarded.set(request, forwardedHeaders(request.headers, routerSecret()));
    },
    onSubgraphExecute({ subgraphName, executionRequest }) {
      const request = executionRequest.context?.request;
      const headers = request && forwarded.get(request);
      executionRequest.extensions = { headers: request && subgraphName === USERS ? { ...headers, ...originOf(request) } : headers };
    },
  };
}

/** @param {{ headers: { get(name: string): string | null } }} request */
function originOf({ headers }) {
  const userAgent = headers.get('user-agent');
  const forwardedFor = headers.get('x-forwarded-for');
  return { ...(userAgent && { 'user-agent': userAgent }), ...(forwardedFor && { 'x-forwarded-for': forwardedFor }) };
}

/**
 * @param {{ get(name: string): string | null }} headers
 * @param {string} routerSecret
 */
function forwardedHeaders(headers, routerSecret) {
  const traceparent = headers.get('traceparent') ?? '';
  const authorization = headers.get('authorization');
  const orderToken = headers.get('x-order-token');
  return {
    'x-router-secret': routerSecret,
    'x-correlation-id': headers.get('x-correlation-id') ?? '',
    traceparent: TRACEPARENT.test(traceparent) ? traceparent : newTrace(),
    ...(authorization && { authorization }),
    ...(orderToken && { 'x-order-token': orderToken }),
  };
}

function newTrace() {
  const random = randomBytes(24).toString('hex');
  return `00-${random.slice(0, 32)}-${random.slice(32)}-01`;
}

/**
 * Makes the function that answers with the secret: the environment's, else the first line of its file, which may change.
 * @param {Pick<import('./settings.js').Settings, 'routerSecret' | 'routerSecretFile'>} settings
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 * @returns {() => string}
 */
export function createRouterSecret({ routerSecret, routerSecretFile }, log) {
  return routerSecretFile ? followFiles([routerSecretFile], ([text = '']) => firstLine(text, routerSecretFile), log) : () => routerSecret;
}

/**
 * @param {string} text
 * @param {string} file
 */
function firstLine(text, file) {
  const line = text.trim().split('\n', 1)[0]?.trim();
  if (line) return line;
  throw new Error(`${file} is empty`);
}
