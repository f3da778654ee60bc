import { LIMITS } from './limits.js';
import { refusal } from './problem.js';

/**
 * Reads the JSON body of a POST, at most so many bytes of it, and leaves it on the request as body parsers do: the runtime
 * then takes it from there and spares itself its streams. Whatever is not JSON is refused, also because a browser sends
 * JSON to another site only after asking for permission: no form on a foreign page can post here.
 * @param {import('node:http').IncomingMessage & { body?: object }} request
 * @throws {import('graphql').GraphQLError} when there is no body to go on with
 */
export async function readBody(request) {
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') throw refusal('BAD_USER_INPUT', 'The content type must be application/json.', 415);
  const text = await readText(request);
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body) || Object.keys(body).length === 0) {
    throw refusal('BAD_USER_INPUT', 'The body must be one JSON object with a `query`.', 400);
  }
  request.body = body;
}

/**
 * What comes after the limit is thrown away, but read: a client that is still sending would miss the answer otherwise.
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<string>}
 */
function readText(request) {
  return new Promise((resolve, reject) => {
    const chunks = /** @type {Buffer[]} */ ([]);
    let bytes = 0;
    if (Number(request.headers['content-length']) > LIMITS.bodyBytes) reject(tooLarge());
    request.on('data', (/** @type {Buffer} */ chunk) => {
      bytes += chunk.length;
      if (bytes > LIMITS.bodyBytes) reject(tooLarge());
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });
}

/** @param {string} text @returns {unknown} */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal('BAD_USER_INPUT', 'The body is not JSON.', 400);
  }
}

function tooLarge() {
  return refusal('LIMIT_EXCEEDED', `The body is larger than ${LIMITS.bodyBytes / 1024} KB.`, 413);
}
