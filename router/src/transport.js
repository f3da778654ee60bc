import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { GraphQLError } from 'graphql';
import { textOf } from './execution/plan.js';

/**
 * How subgraphs are asked: one POST each, on connections that are used again. The runtime's own transport does the same through
 * the web's streams and signals, at three times the cost.
 * @typedef {import('./execution/run.js').ExecutionRequest} ExecutionRequest
 * @typedef {{ data?: any, errors?: readonly GraphQLError[] }} Answer
 */

/**
 * @param {(url: string) => import('node:http').Agent} agentFor
 * @returns {NonNullable<import('@graphql-hive/gateway-runtime').GatewayConfigSupergraph['transports']>}
 */
export function createTransports(agentFor) {
  return {
    http: {
      getSubgraphExecutor: ({ transportEntry: { location = '' } }) => {
        const send = createSending(location, agentFor);
        return /** @type {any} */ (send);
      },
    },
  };
}

/** @param {string} location @param {(url: string) => import('node:http').Agent} agentFor */
function createSending(location, agentFor) {
  const { protocol, hostname, port, pathname, search } = new URL(location);
  const address = { method: 'POST', hostname, port, path: pathname + search };
  const open = protocol === 'https:' ? requestByHttps : requestByHttp;

  /** @param {ExecutionRequest} request @returns {Promise<Answer>} */
  return async ({ document, variables, operationName, extensions, signal }) => {
    const body = JSON.stringify({ query: textOf(document), variables, operationName });
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': Buffer.byteLength(body),
      ...extensions?.['headers'],
    };
    try {
      return answerIn(await exchange(open({ ...address, agent: agentFor(location), headers, ...(signal && { signal }) }), body));
    } catch (error) {
      const fault = /** @type {Error} */ (error);
      return { errors: [new GraphQLError(fault.message, { originalError: fault })] };
    }
  };
}

/**
 * @param {import('node:http').ClientRequest} request
 * @param {string} body
 * @returns {Promise<string>} the answer's body
 * @throws {Error} where the connection fails, or ends before the answer does
 */
function exchange(request, body) {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks = /** @type {Buffer[]} */ ([]);
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      response.once('error', reject);
    });
    request.end(body);
  });
}

/**
 * @param {string} text
 * @returns {Answer}
 * @throws {Error} where it is no answer of GraphQL
 */
function answerIn(text) {
  const { data, errors } = Object(JSON.parse(text));
  if (data === undefined && !Array.isArray(errors)) throw new Error('the answer has neither data nor errors');
  return { data, ...(errors && { errors: errors.map(errorOf) }) };
}

/** @param {any} error */
function errorOf({ message, path, extensions }) {
  return new GraphQLError(String(message), { path, extensions });
}
