import { createAnswering } from './answering.js';
import { LIMITS } from './bounds.js';
import { createClientLimit } from './clients.js';
import { answerBadConnections } from './refused-connections.js';

/** How long requests under way may take after the stop was asked for, and how often idle connections are looked for. */
const STOP_TIMEOUT_MS = 9_000;
const SWEEP_INTERVAL_MS = 50;

/** How often Node looks for requests that take too long to arrive. */
const CHECK_INTERVAL_MS = 1_000;

/** How long a connection may rest between requests: longer than proxies keep theirs, so that none is closed while a request is on its way. */
const REST_TIMEOUT_MS = 75_000;

/** What the server of the public port is made with. Headers may arrive as long as bodies, and no longer than 16 KB. */
export const SERVER_OPTIONS = Object.freeze({
  connectionsCheckingInterval: CHECK_INTERVAL_MS,
  keepAliveTimeout: REST_TIMEOUT_MS,
  requireHostHeader: false, // Ours to answer.
  headersTimeout: LIMITS.bodySeconds * 1_000,
  // The body's own timer comes first, with an answer that fits; this one ends what is still sent after an answer.
  requestTimeout: LIMITS.bodySeconds * 1_000 + 2 * CHECK_INTERVAL_MS,
});

/**
 * Puts our answers to everything of HTTP onto a server, which leaves the GraphQL of well-formed requests to the runtime.
 * @param {import('node:http').Server} server
 * @param {import('./answering.js').Router} router
 * @param {Pick<import('./settings.js').Settings, 'connectionsPerClient'>} settings
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
export function serve(server, router, { connectionsPerClient }, log) {
  const limit = createClientLimit(connectionsPerClient);
  const answer = createAnswering(router, limit, log);
  server.on('connection', limit.connected);
  server.on('request', answer);
  server.on('checkExpectation', answer); // Whatever is expected beside 100-continue: a server may leave that out.
  answerBadConnections(server);
}

/**
 * Takes no more connections, lets the requests under way finish, and closes each connection after its last answer.
 * @param {import('node:http').Server} server
 */
export async function stopGracefully(server) {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}
