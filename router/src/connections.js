import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** How long a subgraph may leave the router without a byte of an answer. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** How long a connection is kept for the next request: less than the five seconds after which uvicorn closes it. */
const IDLE_TIMEOUT_MS = 4_000;

/**
 * Connections to subgraphs that are used again, and end when no answer comes. Time is kept by the socket: the runtime's own
 * timeouts add a listener to one common signal for each request, which costs more the more requests there are.
 * @template {new (...args: any[]) => HttpAgent} Base
 * @param {Base} Agent
 */
function withTimeouts(Agent) {
  return class extends Agent {
    /** @param {any[]} connection */
    createConnection(...connection) {
      const socket = /** @type {import('node:net').Socket} */ (super.createConnection(.../** @type {[any]} */ (connection)));
      socket.on('timeout', () => socket.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1_000} seconds`)));
      return socket.setTimeout(ANSWER_TIMEOUT_MS);
    }

    /** @param {import('node:net').Socket} socket */
    keepSocketAlive(socket) {
      const isKept = super.keepSocketAlive(socket);
      socket.setTimeout(IDLE_TIMEOUT_MS);
      return isKept;
    }

    /** @param {import('node:net').Socket} socket @param {import('node:http').ClientRequest} request */
    reuseSocket(socket, request) {
      super.reuseSocket(socket, request);
      socket.setTimeout(ANSWER_TIMEOUT_MS);
    }
  };
}

const agents = {
  http: new (withTimeouts(HttpAgent))({ keepAlive: true }),
  https: new (withTimeouts(HttpsAgent))({ keepAlive: true }),
};

/** @param {string} url */
export function agentFor(url) {
  return url.startsWith('https:') ? agents.https : agents.http;
}
