import { LIMITS } from './bounds.js';

const [BRACE, PARENTHESIS, BRACKET] = /** @type {[number, number, number]} */ (codes('{(['));
const CLOSING = new Set(codes('}])'));
const [COLON, QUOTE, BACKSLASH, HASH, NEWLINE, RETURN] = /** @type {[number, number, number, number, number, number]} */ (codes(':"\\#\n\r'));

/** @param {string} characters */
function codes(characters) {
  return [...Buffer.from(characters)];
}

/**
 * A bracket that is open: how many colons it has had, if it is the brace of an object of arguments; undefined for another.
 * @typedef {number | undefined} Open
 */

/**
 * Looks through a document for brackets within each other, and for objects with too many keys. That is looked for before it is parsed:
 * the parser calls itself for each bracket, and so does much of what comes later.
 * @param {string} text
 * @returns {string | undefined} what there is too much of, for the client
 */
export function excessOfText(text) {
  const open = /** @type {Open[]} */ ([]);
  let argumentsAt = 0; // How deep the first parenthesis of those around this place is, where there is one.
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === HASH) index = endOfLine(text, index);
    else if (code === BRACE || code === PARENTHESIS || code === BRACKET) {
      if (code === PARENTHESIS && argumentsAt === 0) argumentsAt = open.length + 1;
      if (open.push(code === BRACE && argumentsAt > 0 ? 0 : undefined) > LIMITS.documentNesting) return `The document is nested more than ${LIMITS.documentNesting} levels deep.`;
    } else if (CLOSING.has(code)) {
      open.pop();
      if (open.length < argumentsAt) argumentsAt = 0;
    } else if (code === COLON && isTooMany(open)) return `An object of the document has more than ${LIMITS.objectKeys} keys.`;
  }
  return undefined;
}

/**
 * Counts a colon.
 * @param {Open[]} open
 */
function isTooMany(open) {
  const keys = open[open.length - 1];
  if (keys === undefined) return false;
  open[open.length - 1] = keys + 1;
  return keys + 1 > LIMITS.objectKeys;
}

/**
 * @param {string} text
 * @param {number} start where its first quote is
 * @returns {number} where its last quote is
 */
function endOfString(text, start) {
  if (text.startsWith('"""', start)) return endOfBlock(text, start);
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index += 1;
    else if (code === QUOTE || code === NEWLINE || code === RETURN) return index;
  }
  return text.length;
}

/** @param {string} text @param {number} start */
function endOfBlock(text, start) {
  let end = text.indexOf('"""', start + 3);
  while (end > 0 && text.charCodeAt(end - 1) === BACKSLASH) end = text.indexOf('"""', end + 3);
  return end < 0 ? text.length : end + 2;
}

/** @param {string} text @param {number} start */
function endOfLine(text, start) {
  let index = start;
  while (index < text.length && text.charCodeAt(index) !== NEWLINE && text.charCodeAt(index) !== RETURN) index += 1;
  return index;
}
