import { EventEmitter } from 'node:events';
import { GraphQLError } from 'graphql';
import { internalError, refusalAnswer, send } from './answers.js';
import { readBody } from './body.js';
import { LIMITS } from './bounds.js';
import { isForPage, sendPage } from './graphiql.js';
import { nameOrigin, nameRequest } from './headers.js';
import { acceptedMediaType, isJson } from './media-types.js';
import { parametersOfAddress, parametersOfBody } from './parameters.js';
import { refusal } from './problem.js';
import { notFound, wrongMethod } from './refused-connections.js';
import { tellOf } from './unexpected.js';

const METHODS = 'GET, POST, OPTIONS';
const PREFLIGHT_SECONDS = 86_400;

/**
 * @typedef {import('node:http').IncomingMessage & { body?: object, isGet?: boolean }} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {import('./answers.js').Answer} Answer
 * @typedef {ReturnType<typeof import('./router.js').createRouter>} Router
 */

/**
 * Makes the listener of the public port.
 * @param {Router} router
 * @param {ReturnType<typeof import('./clients.js').createClientLimit>} limit
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
export function createAnswering(router, limit, log) {
  /** @param {Request} request @param {Response} response */
  return async (request, response) => {
    response.setHeader('x-correlation-id', nameRequest(request.headers));
    nameOrigin(request);
    try {
      limit.begun(request, response);
      if (isForPage(request)) await sendPage(request, response);
      else await send(request, response, await answerOf(request, response, router));
    } catch (error) {
      if (request.errored || response.destroyed) response.destroy(); // The client broke off.
      else await refuse(request, response, error, log);
    }
  };
}

/**
 * @param {Request} request
 * @param {Response} response
 * @param {unknown} error
 * @param {import('@graphql-hive/gateway-runtime').Logger} log
 */
async function refuse(request, response, error, log) {
  const isRefusal = error instanceof GraphQLError;
  if (!isRefusal) tellOf(error, log);
  await send(request, response, refusalAnswer(isRefusal ? error : internalError(), acceptedMediaType(request.headers.accept)));
}

/**
 * @param {Request} request
 * @param {Response} response
 * @param {Router} router
 * @returns {Promise<Answer>}
 * @throws {GraphQLError} a refusal
 */
async function answerOf(request, response, router) {
  const begun = Date.now();
  const [path, search = ''] = targetOf(request);
  checkVersion(request);
  if (path === '/health' || path === '/readiness') {
    request.url = path;
    return ask(router, request, response, begun);
  }
  if (path !== '/graphql') throw notFound();
  if (request.method === 'OPTIONS') return permission(request);
  const mediaType = checkHeaders(request);
  request.body = request.method === 'GET' ? parametersOfAddress(search) : parametersOfBody(await readBody(request));
  asPost(request, mediaType);
  return ask(router, request, response, begun);
}

/**
 * @param {Request} request
 * @returns {string[]} its path, and what follows the question mark; a proxy's way to name the host counts for nothing
 */
function targetOf({ url = '' }) {
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '');
  const mark = target.indexOf('?');
  return mark < 0 ? [target] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** @param {Request} request */
function checkVersion({ httpVersion, headers }) {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw refusal('BAD_USER_INPUT', 'This server speaks HTTP/1.1 and HTTP/1.0.', 400);
  if (httpVersion === '1.1' && headers.host === undefined) throw refusal('BAD_USER_INPUT', 'A request of HTTP/1.1 needs a `host` header.', 400);
}

/**
 * @param {Request} request
 * @returns {import('./media-types.js').MediaType} of the answer
 */
function checkHeaders({ method, headers, headersDistinct }) {
  if (headers.upgrade?.toLowerCase() === 'websocket') throw refusal('BAD_USER_INPUT', 'There are no subscriptions yet, and so no WebSocket.', 400);
  if (method !== 'GET' && method !== 'POST') throw wrongMethod();
  const mediaType = acceptedMediaType(headers.accept);
  if (!mediaType) {
    throw refusal('BAD_USER_INPUT', 'The `accept` header allows neither application/json nor application/graphql-response+json.', 406);
  }
  if (method === 'POST' && !(isJson(headersDistinct['content-type'] ?? []) && isPlain(headers['content-encoding']))) {
    throw refusal('BAD_USER_INPUT', 'The `content-type` must be application/json, without a content-encoding.', 415);
  }
  return mediaType;
}

/** @param {string | undefined} encoding */
function isPlain(encoding = 'identity') {
  return encoding.trim().toLowerCase() === 'identity';
}

/**
 * What the runtime sees is always the same: everything of HTTP was decided before.
 * @param {Request} request
 * @param {string} mediaType
 */
function asPost(request, mediaType) {
  request.isGet = request.method === 'GET';
  request.method = 'POST';
  request.url = '/graphql';
  Object.assign(request.headers, { accept: mediaType, 'content-type': 'application/json', host: 'localhost' });
}

/**
 * Has the runtime answer. A caller that goes away, or has waited too long, ends what it does for the request.
 * @param {Router} router
 * @param {Request} request
 * @param {Response} response
 * @param {number} begun when the request came, in milliseconds
 * @returns {Promise<Answer>}
 */
async function ask(router, request, response, begun) {
  const caller = new EventEmitter();
  const leave = () => caller.emit('close');
  response.once('close', leave);
  let deadline;
  const late = new Promise((_, reject) => {
    deadline = setTimeout(() => {
      reject(refusal('UNAVAILABLE', `There was no answer within ${LIMITS.requestSeconds} seconds.`, 504));
      leave();
    }, begun + LIMITS.requestSeconds * 1_000 - Date.now());
  });
  try {
    const context = /** @type {any} */ ({ req: request, res: response, waitUntil: router.waitUntil });
    const answer = await Promise.race([router.handleNodeRequestAndResponse(request, /** @type {any} */ (caller), context), late]);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
  } finally {
    clearTimeout(deadline);
    response.off('close', leave);
  }
}

/**
 * Tells a browser that a page may send us what it wants to.
 * @param {Request} request
 * @returns {Answer}
 */
function permission({ headers }) {
  const wanted = headers['access-control-request-headers'];
  return {
    status: 204,
    headers: {
      allow: METHODS,
      'access-control-allow-methods': METHODS,
      ...(wanted && { 'access-control-allow-headers': wanted }),
      'access-control-max-age': String(PREFLIGHT_SECONDS),
      vary: 'access-control-request-headers',
    },
    text: '',
  };
}
