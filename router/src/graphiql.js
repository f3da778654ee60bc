import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { createGunzip } from 'node:zlib';
import { endSlowReading } from './answers.js';
import { acceptedEncoding } from './compression.js';
import { prefersPage } from './media-types.js';

const EXAMPLES = new URL('../examples/', import.meta.url);
const LOGO =
  '<svg width="28" height="28" viewBox="0 0 28 28" fill="none" stroke="#d60690" stroke-width="2.4" stroke-linejoin="round">' +
  '<path d="M3 11h22l-3 13H6z"/><path d="M8 11l4-8M20 11l-4-8M11 15v5M17 15v5"/></svg>';

/**
 * The page that browsers get on /graphql, with an example a tab. It is bundled: nothing is loaded from elsewhere.
 * The first example has no variables: GraphiQL shows those of a tab only once the tab is chosen.
 * @returns {import('graphql-yoga').GraphiQLOptions}
 */
function graphiqlOptions() {
  return {
    title: 'Mercato',
    logo: LOGO,
    defaultTabs: readExamples(),
    defaultQuery: '# Ctrl-Space completes, Ctrl-Enter sends.\n',
    defaultEditorToolsVisibility: 'variables',
    // Tokens stand in headers: a browser that others use too is no place to keep them.
    shouldPersistHeaders: false,
    credentials: 'same-origin',
  };
}

/**
 * The page, ready to be sent.
 * @typedef {{ br: Uint8Array, gzip: Uint8Array, etag: string, policy: string }} Page
 */

/** @type {Promise<Page> | undefined} */
let page;

/**
 * Makes the page, once: it is 9 MB, and so is what it is made from. Another thread does that when first somebody asks for the page, and
 * leaves us the compressed ones alone.
 * @returns {Promise<Page>}
 */
function readPage() {
  page ??= new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./graphiql-page.js', import.meta.url), { workerData: graphiqlOptions() });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return page;
}

/**
 * Whether a browser wants to show the page.
 * @param {import('node:http').IncomingMessage} request
 */
export function isForPage({ method, url = '', headers }) {
  return method === 'GET' && url.split('?', 1)[0] === '/graphql' && !headers.upgrade && prefersPage(headers.accept);
}

/**
 * Sends the page, unless the browser has it already.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export async function sendPage({ headers }, response) {
  const { etag, policy, ...encoded } = await readPage();
  const isKnown = headers['if-none-match']?.includes(etag);
  // Who names no encoding takes any (RFC 9110, 12.5.3), and unpacking 9 MB is work.
  const accepted = headers['accept-encoding'] ?? 'gzip';
  const encoding = /** @type {'br' | 'gzip' | undefined} */ (acceptedEncoding(accepted, ['br', 'gzip']));
  response.writeHead(isKnown ? 304 : 200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache', // It may be kept, and is asked for again with its etag.
    etag,
    vary: 'accept, accept-encoding',
    ...pageSecurity(policy),
    ...(encoding && { 'content-encoding': encoding }),
  });
  endSlowReading(response);
  if (isKnown) response.end();
  else if (encoding) response.end(encoded[encoding]);
  else unpack(encoded.gzip).pipe(response);
}

/** @param {Uint8Array} gzip */
function unpack(gzip) {
  const unpacking = createGunzip();
  unpacking.end(gzip);
  return unpacking;
}

/** @param {string} policy */
function pageSecurity(policy) {
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  };
}

/** The examples in the order of their file names; variables and headers stand beside a document under its name. */
function readExamples() {
  const files = readdirSync(EXAMPLES).sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  return files
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => ({
      query: readExample(file),
      variables: readBeside(files, file, '.variables.json'),
      headers: readBeside(files, file, '.headers.json'),
    }));
}

/** @param {string} file */
function readExample(file) {
  return readFileSync(new URL(file, EXAMPLES), 'utf8');
}

/**
 * @param {string[]} files
 * @param {string} document
 * @param {string} extension
 */
function readBeside(files, document, extension) {
  const file = document.replace(/\.graphql$/, extension);
  return files.includes(file) ? readExample(file) : null;
}
