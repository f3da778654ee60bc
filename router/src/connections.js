import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { followCertificates } from './certificates.js';

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

const HttpConnections = withTimeouts(HttpAgent);
const HttpsConnections = withTimeouts(HttpsAgent);

/**
 * Makes the function that answers with the agent for an address. With a TLS directory, https is asked with its certificate, and
 * believed only if its authorities say so. New certificates have a new agent: requests under way finish with the one they began
 * with, whose connections end when nothing asks them any more.
 * @param {string | undefined} tlsDirectory
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 * @returns {(url: string) => HttpAgent}
 */
export function createConnections(tlsDirectory, log) {
  const http = new HttpConnections({ keepAlive: true });
  const https = tlsDirectory
    ? followCertificates(tlsDirectory, (identity) => new HttpsConnections({ keepAlive: true, minVersion: 'TLSv1.2', ...identity }), log)
    : always(new HttpsConnections({ keepAlive: true }));
  return (url) => (url.startsWith('https:') ? https() : http);
}

/** @template Value @param {Value} value */
function always(value) {
  return () => value;
}
