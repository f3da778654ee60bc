import { randomBytes } from 'node:crypto';
import { Session } from './connect/session.js';

/** The router under test. */
export const URL = process.env.ROUTER_URL ?? 'http://127.0.0.1:4000/graphql';

/** A well-formed id that nothing has. */
export const NO_SUCH_ID = '018cc778-5000-7001-950a-ffffffffffff';

const REGISTER = `mutation ($input: UserRegisterInput!) {
  userRegister(input: $input) { tokens { accessToken refreshToken } errors { message } } }`;

/** Somebody new, logged in. */
export async function register() {
  const input = { email: `${randomBytes(6).toString('hex')}@example.com`, password: randomBytes(12).toString('hex'), name: 'Ada Lovelace' };
  const { body } = await post({ query: REGISTER, variables: { input } });
  return new Session(URL, body.data.userRegister.tokens);
}

/** Somebody whose access token is no longer good, and whose refresh token is. */
export async function registerWithEndedToken() {
  const session = await register();
  const { accessToken, refreshToken } = /** @type {NonNullable<Session['tokens']>} */ (session.tokens);
  session.tokens = { accessToken: `${accessToken.slice(0, -8)}AAAAAAAA`, refreshToken };
  return session;
}

/**
 * @param {object} body
 * @param {Record<string, string>} headers
 */
export async function post(body, headers = {}) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  const response = await fetch(URL, init);
  return { status: response.status, body: /** @type {any} */ (await response.json()) };
}

/**
 * What goes over the wire while a task is done; a client that was given no fetch of its own uses the one of this moment.
 * @template T
 * @param {() => Promise<T>} task
 */
export async function recorded(task) {
  const wire = globalThis.fetch;
  const requests = /** @type {Request[]} */ ([]);
  globalThis.fetch = (input, init) => {
    requests.push(new Request(input, init));
    return wire(input, init);
  };
  try {
    return { answer: await task(), requests };
  } finally {
    globalThis.fetch = wire;
  }
}

/**
 * The refresh tokens that requests spent.
 * @param {Request[]} requests
 */
export async function refreshTokensIn(requests) {
  const bodies = await Promise.all(requests.map((request) => request.clone().text()));
  return bodies.filter((body) => body.includes('tokenRefresh')).map((body) => JSON.parse(body).variables.input.refreshToken);
}
