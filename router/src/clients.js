import { refusal } from './problem.js';
import { rawRefusal } from './answers.js';

/**
 * Bounds how many requests of one client are unfinished, by its address. A connection counts as one from its begin, since it may never
 * finish to ask; further requests on it count once more, as long as others on it are unanswered.
 * @param {number} most requests, 0 for any number
 */
export function createClientLimit(most) {
  const unfinished = /** @type {Map<string, number>} */ (new Map());
  /** @param {string} client @param {number} change */
  const count = (client, change) => {
    const number = (unfinished.get(client) ?? 0) + change;
    if (number > 0) unfinished.set(client, number);
    else unfinished.delete(client);
    return number;
  };

  return {
    /** @param {import('node:net').Socket} socket a new connection */
    connected(socket) {
      const client = socket.remoteAddress ?? '';
      socket.once('close', () => count(client, -1));
      if (count(client, 1) > most && most > 0) socket.end(rawRefusal(tooMany(most)), () => socket.destroy());
    },
    /**
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     * @throws {import('graphql').GraphQLError} a refusal when the client has too many unfinished requests
     */
    begun({ socket }, response) {
      const client = socket.remoteAddress ?? '';
      const number = requestsOn(socket, 1) > 1 ? count(client, 1) : 0;
      response.once('close', () => {
        if (requestsOn(socket, -1) > 0) count(client, -1);
      });
      if (number > most && most > 0) throw tooMany(most);
    },
  };
}

const REQUESTS = Symbol('unanswered requests');

/** @param {import('node:net').Socket & { [REQUESTS]?: number }} socket @param {number} change */
function requestsOn(socket, change) {
  return (socket[REQUESTS] = (socket[REQUESTS] ?? 0) + change);
}

/** @param {number} most */
function tooMany(most) {
  const message = `One client may have ${most} unfinished requests.`;
  return refusal('RATE_LIMITED', message, 429, { headers: { 'retry-after': '1', connection: 'close' } });
}

