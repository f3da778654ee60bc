import { LIMITS } from './bounds.js';

const [QUOTE, BACKSLASH, COLON, COMMA, SMALL_U] = /** @type {[number, number, number, number, number]} */ (codes('"\\:,u'));
const [LIST, LIST_END, OBJECT, OBJECT_END] = /** @type {[number, number, number, number]} */ (codes('[]{}'));
const SPACES = new Set(codes(' \t\r\n'));

/** @param {string} characters */
function codes(characters) {
  return [...Buffer.from(characters)];
}

/**
 * Looks through the bytes of a JSON text, once and without keeping any of it, for what would be costly to parse or to work on. Whether
 * it is JSON at all is left to the parser.
 * @param {Uint8Array} bytes
 * @returns {string | undefined} what there is too much of, for the client
 */
export function excessOf(bytes) {
  const keys = [0]; // How many keys the objects around this place have so far, the innermost last.
  let values = 0;
  let text = 0; // The characters of the last text, which turns out to be a key when a colon follows.
  for (let index = 0; index < bytes.length;) {
    const byte = /** @type {number} */ (bytes[index]);
    if (byte === QUOTE) {
      ({ end: index, characters: text } = readText(bytes, index));
      values += 1;
    } else if (byte === COLON) {
      index += 1;
      values -= 1;
      if (text > LIMITS.keyCharacters) return `A key of the body has more than ${LIMITS.keyCharacters} characters.`;
      if (++/** @type {any} */ (keys)[keys.length - 1] > LIMITS.objectKeys) return `An object of the body has more than ${LIMITS.objectKeys} keys.`;
    } else if (byte === LIST || byte === OBJECT) {
      index += 1;
      values += 1;
      if (keys.push(0) > LIMITS.nesting + 1) return `The body is nested more than ${LIMITS.nesting} levels deep.`;
    } else if (byte === LIST_END || byte === OBJECT_END) {
      index += 1;
      if (keys.length > 1) keys.pop();
    } else if (byte === COMMA || SPACES.has(byte)) {
      index += 1;
    } else {
      index = endOfWord(bytes, index);
      values += 1;
    }
    if (values > LIMITS.values) return `The body has more than ${LIMITS.values} values.`;
  }
  return undefined;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} start where its quote is
 * @returns {{ end: number, characters: number }} what comes after the text, and how many characters it has
 */
function readText(bytes, start) {
  let index = start + 1;
  let characters = 0;
  for (; index < bytes.length && bytes[index] !== QUOTE; index += 1) {
    const byte = /** @type {number} */ (bytes[index]);
    if (byte === BACKSLASH) index += bytes[index + 1] === SMALL_U ? 5 : 1;
    if ((byte & 0xc0) !== 0x80) characters += 1; // All but the further bytes of a character in UTF-8.
  }
  return { end: index + 1, characters };
}

/**
 * @param {Uint8Array} bytes
 * @param {number} start of a number, true, false, null, or something that is no JSON
 */
function endOfWord(bytes, start) {
  let index = start + 1;
  while (index < bytes.length && !isBoundary(/** @type {number} */ (bytes[index]))) index += 1;
  return index;
}

/** @param {number} byte */
function isBoundary(byte) {
  return byte === COMMA || byte === QUOTE || byte === COLON || byte === LIST || byte === LIST_END || byte === OBJECT || byte === OBJECT_END || SPACES.has(byte);
}
