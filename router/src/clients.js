import { rawRefusal } from './answers.js';
import { refusal } from './problem.js';

/** How many connections a client may have for each of its unfinished requests: between requests they rest. */
const CONNECTIONS_A_REQUEST = 4;

/** @typedef {{ connections: number, requests: number }} Client */

/**
 * Bounds how many requests of one client are unfinished, by its address. A new connection counts as a request from its begin, since it
 * may never finish to ask.
 * @param {number} most requests, 0 for any number
 */
export function createClientLimit(most) {
  const clients = /** @type {Map<string, Client>} */ (new Map());
  const open = /** @type {Map<object, { client: Client, requests: number }>} */ (new Map());
  const isFresh = /** @type {WeakSet<object>} */ (new WeakSet());

  /** @param {import('node:net').Socket} socket */
  const opened = (socket) => {
    const address = socket.remoteAddress ?? '';
    const client = clients.get(address) ?? { connections: 0, requests: 0 };
    clients.set(address, client);
    client.connections += 1;
    open.set(socket, { client, requests: 0 });
    socket.once('close', () => {
      // With all that is on it: answers that wait for others before them never say that they are done.
      count(socket, -(open.get(socket)?.requests ?? 0));
      open.delete(socket);
      client.connections -= 1;
      if (client.connections === 0) clients.delete(address);
    });
  };
  /** @param {object} socket @param {number} change @returns {boolean} whether its client has too much */
  const count = (socket, change) => {
    const connection = open.get(socket);
    if (!connection) return false;
    const { client } = connection;
    connection.requests += change;
    client.requests += change;
    return most > 0 && (client.requests > most || client.connections > CONNECTIONS_A_REQUEST * most);
  };

  return {
    /** @param {import('node:net').Socket} socket a new connection */
    connected(socket) {
      opened(socket);
      isFresh.add(socket);
      if (count(socket, 1)) socket.end(rawRefusal(tooMany(most)), () => socket.destroy());
    },
    /**
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     * @throws {import('graphql').GraphQLError} a refusal when the client has too many unfinished requests
     */
    begun({ socket }, response) {
      response.once('close', () => count(socket, -1));
      if (count(socket, isFresh.delete(socket) ? 0 : 1)) throw tooMany(most);
    },
  };
}

/** @param {number} most */
function tooMany(most) {
  const message = `One client may have ${most} unfinished requests.`;
  return refusal('RATE_LIMITED', message, 429, { headers: { 'retry-after': '1', connection: 'close' } });
}
