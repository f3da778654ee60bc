import { GraphQLError, Kind, parse, Source } from 'graphql';
import { LRUCache } from 'lru-cache';
import { LIMITS } from './bounds.js';
import { excessOf } from './limits.js';
import { excessOfText } from './nesting.js';
import { documentRefusal } from './problem.js';
import { cyclesOf, mistakesOf } from './validation.js';

/**
 * What became of a document: a document that may be executed, or why it may not.
 * @typedef {{ document: import('graphql').DocumentNode, operations: readonly import('graphql').OperationDefinitionNode[] }} Usable
 * @typedef {{ code: import('./problem.js').Code, message: string, positions?: readonly number[] | undefined }} Reason
 * @typedef {{ reasons: readonly Reason[] }} Refused
 */

const REMEMBERED_BYTES = 48 * 1024 * 1024;

/** One document may take a twelfth of it: a large one that comes once is no reason to forget all others. */
const LARGEST_SHARE = 12;

/** What a document takes of memory beside its text: by its tokens, with all that is made of it while it is remembered. */
const BYTES_A_DOCUMENT = 2_000;
const BYTES_A_CHARACTER = 80;
/** Of one that is refused, messages quote some. */
const BYTES_A_CHARACTER_REFUSED = 8;

/**
 * Makes the function that parses and validates documents, each once for a schema as long as it is remembered: equal texts have the
 * same document.
 * @param {number} [most] bytes of memory that documents of a schema may take together, about; the most recently used ones stay
 */
export function createDocuments(most = REMEMBERED_BYTES) {
  const bySchema = /** @type {WeakMap<object, LRUCache<string, Usable | Refused>>} */ (new WeakMap());
  /** @param {import('graphql').GraphQLSchema} schema */
  const cacheOf = (schema) => {
    const known = bySchema.get(schema) ?? new LRUCache({ maxSize: most, maxEntrySize: Math.floor(most / LARGEST_SHARE), sizeCalculation: sizeOf });
    bySchema.set(schema, known);
    return known;
  };
  /**
   * @param {string} text
   * @param {import('graphql').GraphQLSchema} schema
   * @returns {Usable | Refused}
   */
  return (text, schema) => {
    const cache = cacheOf(schema);
    const known = cache.get(text);
    if (known) return known;
    const outcome = judge(text, schema);
    cache.set(text, outcome);
    return outcome;
  };
}

/** @param {Usable | Refused} outcome @param {string} text */
function sizeOf(outcome, text) {
  return BYTES_A_DOCUMENT + text.length * ('reasons' in outcome ? BYTES_A_CHARACTER_REFUSED : BYTES_A_CHARACTER);
}

/**
 * The errors that tell a client why its document is refused.
 * @param {Refused} refused
 * @param {string} text the document
 */
export function errorsOfDocument({ reasons }, text) {
  const source = new Source(text);
  return reasons.map(({ code, message, positions }) => documentRefusal(code, message, positions && { source, positions }));
}

/**
 * @param {string} text
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {Usable | Refused}
 */
function judge(text, schema) {
  const excess = excessOfText(text);
  if (excess) return tooMuch(excess);
  try {
    // Without locations a document takes a quarter of the memory. Only mistakes need them.
    const document = parse(text, { noLocation: true, maxTokens: LIMITS.tokens });
    const cycles = cyclesOf(schema, document, text); // What is within itself can't be measured.
    if (cycles.length > 0) return { reasons: cycles };
    const excessive = excessOf(document);
    if (excessive) return tooMuch(excessive);
    const reasons = mistakesOf(schema, document, text);
    if (reasons.length > 0) return { reasons };
    return { document, operations: document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION) };
  } catch (error) {
    return refusalOfSyntax(error);
  }
}

/**
 * @param {unknown} error
 * @returns {Refused}
 */
function refusalOfSyntax(error) {
  if (error instanceof RangeError) return tooMuch('The document asks for too much.');
  if (!(error instanceof GraphQLError)) throw error;
  // graphql-js tells of its token limit in words only.
  if (/more tha[nt] \d+ tokens/.test(error.message)) return tooMuch(`The document has more than ${LIMITS.tokens} tokens.`);
  const { message, positions } = error;
  return { reasons: [{ code: 'BAD_USER_INPUT', message, positions }] };
}

/** @param {string} message @returns {Refused} */
function tooMuch(message) {
  return { reasons: [{ code: 'LIMIT_EXCEEDED', message }] };
}
