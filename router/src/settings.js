import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIMITS } from './bounds.js';

/**
 * What the router is told by its environment.
 * @typedef {Readonly<{
 *   host: string,
 *   port: number,
 *   metricsPort: number,
 *   connectionsPerClient: number,
 *   supergraphFile: string,
 *   jwksUrl: URL,
 *   tokenIssuer: string,
 *   tokenAudience: string,
 *   routerSecret: string,
 *   routerSecretFile: string | undefined,
 *   tlsDirectory: string | undefined,
 *   logLevel: 'debug' | 'info' | 'warn' | 'error',
 * }>} Settings
 * @typedef {Readonly<Record<string, string | undefined>>} Environment
 */

const SUPERGRAPH_FILE = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));

/** A setting that is missing or malformed; its message names it. */
export class SettingsError extends Error {}

/**
 * Reads all settings, and names all wrong ones at once.
 * @param {Environment} environment
 * @returns {Settings}
 */
export function readSettings(environment) {
  const problems = /** @type {string[]} */ ([]);
  /**
   * @template Value
   * @param {string} name
   * @param {(text: string) => Value} convert
   * @param {string} [fallback]
   */
  const read = (name, convert, fallback) => {
    try {
      return convert(environment[name] || (fallback ?? required()));
    } catch (error) {
      problems.push(`${name} ${/** @type {Error} */ (error).message}`);
      return /** @type {any} */ (undefined);
    }
  };
  const routerSecretFile = secretFile(environment, 'ROUTER_SECRET');
  const settings = {
    host: read('ROUTER_HOST', String, '127.0.0.1'),
    port: read('ROUTER_PORT', port, '4000'),
    metricsPort: read('ROUTER_METRICS_PORT', port, '4001'),
    connectionsPerClient: read('ROUTER_CONNECTIONS_PER_CLIENT', count, String(LIMITS.connectionsPerClient)),
    supergraphFile: read('SUPERGRAPH_FILE', String, SUPERGRAPH_FILE),
    jwksUrl: read('JWKS_URL', httpUrl, 'http://127.0.0.1:4101/.well-known/jwks.json'),
    tokenIssuer: read('TOKEN_ISSUER', String, 'mercato'),
    tokenAudience: read('TOKEN_AUDIENCE', String, 'mercato'),
    routerSecret: read('ROUTER_SECRET', String, routerSecretFile && ''),
    routerSecretFile,
    tlsDirectory: environment['TLS_DIR'] || undefined,
    logLevel: read('LOG_LEVEL', logLevel, 'info'),
  };
  if (problems.length > 0) throw new SettingsError(problems.join('\n'));
  return settings;
}

/**
 * Where a subgraph is reached: `<NAME>_URL` of the environment, else what the supergraph says.
 * @param {Environment} environment
 * @param {string} subgraph
 * @param {string} composedUrl
 */
export function subgraphUrl(environment, subgraph, composedUrl) {
  const name = `${subgraph.toUpperCase().replaceAll('-', '_')}_URL`;
  const base = environment[name];
  if (!base) return composedUrl;
  try {
    return `${httpUrl(base).href.replace(/\/+$/, '')}/graphql`;
  } catch (error) {
    throw new SettingsError(`${name} ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * The file of a secret that is not in the environment.
 * @param {Environment} environment
 * @param {string} name
 */
function secretFile(environment, name) {
  const directory = environment['SECRETS_DIR'];
  return directory && !environment[name] ? join(directory, name) : undefined;
}

/** @returns {never} */
function required() {
  throw new Error('must be set');
}

/** @param {string} text */
function port(text) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 65535) return number;
  throw new Error(`must be a port from 1 to 65535, not "${text}"`);
}

/** @param {string} text */
function count(text) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`must be a number of requests, or 0 for any, not "${text}"`);
}

/** @param {string} text */
function httpUrl(text) {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  }
  throw new Error(`must be an http or https address, not "${text}"`);
}

/** @param {string} text */
function logLevel(text) {
  const level = text.toLowerCase() === 'warning' ? 'warn' : text.toLowerCase();
  if (['debug', 'info', 'warn', 'error'].includes(level)) return level;
  throw new Error(`must be DEBUG, INFO, WARNING or ERROR, not "${text}"`);
}
