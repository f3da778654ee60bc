import { GraphQLError, Kind, parse, Source } from 'graphql';
import { LRUCache } from 'lru-cache';
import { LIMITS } from './bounds.js';
import { excessOf } from './limits.js';
import { excessOfText } from './nesting.js';
import { documentRefusal } from './problem.js';
import { mistakesOf } from './validation.js';

/**
 * What became of a document: a document that may be executed, or why it may not.
 * @typedef {{ document: import('graphql').DocumentNode, operations: readonly import('graphql').OperationDefinitionNode[] }} Usable
 * @typedef {{ errors: readonly GraphQLError[] }} Refused
 */

/** How much memory documents may take together, about; one that has been used most recently stays. */
const REMEMBERED_BYTES = 48 * 1024 * 1024;

/** What a document takes of memory beside its text: by its tokens, with all that is made of it while it is remembered. */
const BYTES_A_DOCUMENT = 2_000;
const BYTES_A_CHARACTER = 24;

/**
 * Makes the function that parses and validates documents, each once for a schema as long as it is remembered: equal texts have the
 * same document.
 */
export function createDocuments() {
  const bySchema = /** @type {WeakMap<object, LRUCache<string, Usable | Refused>>} */ (new WeakMap());
  /** @param {import('graphql').GraphQLSchema} schema */
  const cacheOf = (schema) => {
    const known = bySchema.get(schema) ?? new LRUCache({ maxSize: REMEMBERED_BYTES, sizeCalculation: sizeOf });
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
  return BYTES_A_DOCUMENT + text.length * ('errors' in outcome ? 2 : BYTES_A_CHARACTER);
}

/**
 * @param {string} text
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {Usable | Refused}
 */
function judge(text, schema) {
  const excess = excessOfText(text);
  if (excess) return { errors: [documentRefusal('LIMIT_EXCEEDED', excess)] };
  try {
    // Without locations a document takes a quarter of the memory. Only mistakes need them.
    const document = parse(text, { noLocation: true, maxTokens: LIMITS.tokens });
    const refused = excessOf(document);
    if (refused) return { errors: [refused] };
    const errors = mistakesOf(schema, document, text);
    if (errors.length > 0) return { errors };
    return { document, operations: document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION) };
  } catch (error) {
    return { errors: [refusalOfSyntax(error, new Source(text))] };
  }
}

/**
 * @param {unknown} error
 * @param {Source} source
 */
function refusalOfSyntax(error, source) {
  if (error instanceof RangeError) return documentRefusal('LIMIT_EXCEEDED', 'The document asks for too much.');
  if (!(error instanceof GraphQLError)) throw error;
  // graphql-js tells of its token limit in words only.
  if (/more tha[nt] \d+ tokens/.test(error.message)) return documentRefusal('LIMIT_EXCEEDED', `The document has more than ${LIMITS.tokens} tokens.`);
  return documentRefusal('BAD_USER_INPUT', error.message, { source, positions: error.positions });
}
