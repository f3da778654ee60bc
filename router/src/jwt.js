import { fetch } from '@whatwg-node/fetch';
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import { refusal } from './problem.js';

/**
 * What an access token says of the caller.
 * @typedef {import('jose').JWTPayload & { scope?: string }} Claims
 */

/**
 * @typedef {Pick<import('./settings.js').Settings, 'jwksUrl' | 'tokenIssuer' | 'tokenAudience' | 'tlsDirectory'>} TokenSettings
 * @typedef {(url: string) => import('node:http').Agent} AgentFor
 */

/** Faults of the token itself; all else is ours, such as users being down when its keys are asked for. */
const TOKEN_FAULTS = [
  errors.JWTInvalid,
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
];

/** How many verified tokens are remembered: checking a signature costs more than all else that is done with a request here. */
const REMEMBERED_TOKENS = 10_000;

/** A scheme has no case, and any number of blanks behind it. */
const BEARER = /^bearer +([^ ]+)$/i;

const claimsByContext = /** @type {WeakMap<object, Claims>} */ (new WeakMap());

/**
 * The verified claims of the request, if it came with a token.
 * @param {object} context
 */
export function claimsOf(context) {
  return claimsByContext.get(/** @type {{ request: object }} */ (context).request);
}

/**
 * Verifies the access token that comes with a request. With a bad one the whole request is refused, before any subgraph
 * is asked; without one the caller is anonymous.
 * @param {TokenSettings} settings
 * @param {AgentFor} agentFor
 * @returns {import('@graphql-hive/gateway-runtime').GatewayPlugin}
 */
export function useAccessToken(settings, agentFor) {
  const verify = rememberVerified(createVerifier(settings, agentFor));
  return {
    async onParams({ request, setResult }) {
      const authorization = request.headers.get('authorization');
      if (authorization === null) return;
      try {
        claimsByContext.set(request, await verify(authorization));
      } catch (error) {
        setResult({ errors: [refusalOf(error)] });
      }
    },
  };
}

/**
 * @param {TokenSettings} settings
 * @param {AgentFor} agentFor
 */
function createVerifier({ jwksUrl, tokenIssuer, tokenAudience, tlsDirectory }, agentFor) {
  // An unknown key id has the keys fetched anew, at most every five seconds: a rotated key is known that soon.
  const keys = createRemoteJWKSet(jwksUrl, {
    cooldownDuration: 5_000,
    timeoutDuration: 3_000,
    ...(tlsDirectory && jwksUrl.protocol === 'https:' && { [customFetch]: fetchBy(agentFor) }),
  });
  const demands = {
    algorithms: ['ES256'],
    issuer: tokenIssuer,
    audience: tokenAudience,
    // RFC 9068: what else the issuer signs, such as an ID token, is no access token.
    typ: 'at+jwt',
    requiredClaims: ['exp', 'sub', 'sid', 'auth_time'],
  };
  /** @param {string} authorization */
  return async (authorization) => {
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) throw new errors.JWTInvalid();
    return /** @type {Claims} */ ((await jwtVerify(token, keys, demands)).payload);
  };
}

/**
 * Node's own fetch takes no agent, and so no certificate.
 * @param {AgentFor} agentFor
 * @returns {import('jose').FetchImplementation}
 */
function fetchBy(agentFor) {
  return (url, options) => fetch(url, /** @type {RequestInit} */ ({ ...options, agent: agentFor(url) }));
}

/**
 * Verifies each token once and believes it until it expires, as subgraphs do; the oldest are forgotten when they are too many.
 * @param {(authorization: string) => Promise<Claims>} verify
 */
function rememberVerified(verify) {
  const remembered = /** @type {Map<string, Claims>} */ (new Map());
  /** @param {string} authorization */
  return async (authorization) => {
    const known = remembered.get(authorization);
    if (known && !hasExpired(known)) return known;
    remembered.delete(authorization);
    const claims = await verify(authorization);
    remembered.set(authorization, claims);
    if (remembered.size > REMEMBERED_TOKENS) remembered.delete(remembered.keys().next().value ?? '');
    return claims;
  };
}

/** @param {Claims} claims */
function hasExpired({ exp }) {
  return exp === undefined || exp <= Math.floor(Date.now() / 1_000);
}

/** What HTTP wants to be said with status 401. */
const CHALLENGE = { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };

/** @param {unknown} error */
function refusalOf(error) {
  if (error instanceof errors.JWTExpired) {
    return refusal('UNAUTHENTICATED', 'The access token has expired; get a new one by tokenRefresh.', 401, CHALLENGE);
  }
  if (TOKEN_FAULTS.some((fault) => error instanceof fault)) {
    return refusal('UNAUTHENTICATED', 'The access token is not valid.', 401, CHALLENGE);
  }
  return refusal('UNAVAILABLE', 'Access tokens can\'t be verified now; try again.', 503);
}
