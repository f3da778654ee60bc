/** The characters that open and close what may hold itself: selections, arguments, lists and objects. */
const OPENING = new Set(codes('{[('));
const CLOSING = new Set(codes('}])'));
const [QUOTE, BACKSLASH, HASH, NEWLINE, RETURN] = /** @type {[number, number, number, number, number]} */ (codes('"\\#\n\r'));

/** @param {string} characters */
function codes(characters) {
  return [...Buffer.from(characters)];
}

/**
 * Whether brackets of a document are within each other more than so many times. That is looked for before it is parsed: the parser
 * calls itself for each, and so does much of what comes later.
 * @param {string} text
 * @param {number} most
 */
export function isNestedDeeper(text, most) {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === HASH) index = endOfLine(text, index);
    else if (OPENING.has(code) && ++depth > most) return true;
    else if (CLOSING.has(code)) depth -= 1;
  }
  return false;
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
