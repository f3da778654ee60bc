import { readBody } from './body.js';

/** How long requests under way may take after the stop was asked for, and how often idle connections are looked for. */
const STOP_TIMEOUT_MS = 9_000;
const SWEEP_INTERVAL_MS = 50;

/**
 * Makes the listener of the HTTP server: it reads the body, then the runtime does the rest.
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown} router
 * @returns {import('node:http').RequestListener}
 */
export function createListener(router) {
  return async (request, response) => {
    try {
      if (request.method === 'POST') await readBody(request);
    } catch (error) {
      refuse(request, response, error);
      return;
    }
    router(request, response);
  };
}

/**
 * Answers as GraphQL does.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {unknown} error
 */
function refuse(request, response, error) {
  if (!(error instanceof Error && 'toJSON' in error)) {
    response.destroy(); // The client broke off.
    return;
  }
  const { message, extensions } = /** @type {import('graphql').GraphQLError} */ (error);
  const { code, http } = /** @type {{ code: string, http: { status: number } }} */ (extensions);
  const headers = { 'content-type': 'application/json; charset=utf-8', 'access-control-allow-origin': '*' };
  response.writeHead(http.status, headers);
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
  request.resume();
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
