import { LIMITS } from './bounds.js';
import { refusal } from './problem.js';

/**
 * Reads the body of a request: at most so many bytes, within so many seconds. What comes after the limit is thrown away, but read:
 * a client that is still sending would miss the answer otherwise.
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Buffer>}
 * @throws {import('graphql').GraphQLError} a refusal when it is too large or too slow
 * @throws {Error} when the client breaks off
 */
export async function readBody(request) {
  if (Number(request.headers['content-length']) > LIMITS.bodyBytes) throw tooLarge();
  const chunks = /** @type {Buffer[]} */ ([]);
  let bytes = 0;
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSlow()), LIMITS.bodySeconds * 1_000);
    request.on('data', (/** @type {Buffer} */ chunk) => {
      bytes += chunk.length;
      if (bytes <= LIMITS.bodyBytes) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.once('end', resolve);
    request.once('error', reject);
    request.once('close', () => clearTimeout(timer));
  });
  return chunks.length === 1 ? /** @type {Buffer} */ (chunks[0]) : Buffer.concat(chunks);
}

function tooLarge() {
  return refusal('LIMIT_EXCEEDED', `The body is larger than ${LIMITS.bodyBytes / 1024} KB.`, 413);
}

function tooSlow() {
  return refusal('LIMIT_EXCEEDED', `The body did not arrive within ${LIMITS.bodySeconds} seconds.`, 408, { headers: { connection: 'close' } });
}
