import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { readAccepted } from './media-types.js';

/** What is smaller fits into a packet or two, and is not worth the work. */
const SMALLEST_BYTES = 1_024;

/**
 * The quickest of each: at level 4 the router answers a tenth fewer listings (`python -m tests.load federated`). The first of equals
 * is taken.
 * @type {ReadonlyMap<string, (body: Buffer) => Promise<Buffer>>}
 */
const ENCODERS = new Map([
  ['br', withOptions(zlib.brotliCompress, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ...('zstdCompress' in zlib ? /** @type {const} */ ([['zstd', withOptions(/** @type {any} */ (zlib).zstdCompress, {})]]) : []),
  ['gzip', withOptions(zlib.gzip, { level: 1 })],
]);

/**
 * @param {(body: Buffer, options: any, done: (error: Error | null, result: Buffer) => void) => void} compress
 * @param {object} options
 */
function withOptions(compress, options) {
  const promised = promisify(compress);
  return (/** @type {Buffer} */ body) => promised(body, options);
}

/**
 * The encoding that a client likes best of those there are.
 * @param {string | string[] | undefined} header accept-encoding
 * @param {Iterable<string>} encodings of equals, the first is taken
 * @returns {string | undefined} undefined for none
 */
export function acceptedEncoding(header, encodings = ENCODERS.keys()) {
  const accepted = readAccepted(String(header ?? ''));
  const weight = (/** @type {string} */ name) => {
    return (accepted.find(({ range }) => range === name) ?? accepted.find(({ range }) => range === '*'))?.weight ?? 0;
  };
  return [...encodings].filter((name) => weight(name) > 0).sort((one, other) => weight(other) - weight(one))[0];
}

/**
 * The body as it is sent to a client, with the header that says how.
 * @param {string} text
 * @param {string | string[] | undefined} header the client's accept-encoding
 * @returns {Promise<{ body: Buffer, headers: Record<string, string> }>}
 */
export async function compressed(text, header) {
  const body = Buffer.from(text);
  const encoding = header && body.length >= SMALLEST_BYTES ? acceptedEncoding(header) : undefined;
  const encode = encoding && ENCODERS.get(encoding);
  return encode ? { body: await encode(body), headers: { 'content-encoding': encoding } } : { body, headers: {} };
}
