import { GraphQLError, Kind, parse } from 'graphql';
import { refusal } from './problem.js';

/** What one request may ask for. The same numbers stand in router.config.yaml. */
export const LIMITS = Object.freeze({ bodyBytes: 256 * 1024, tokens: 5_000, depth: 15, aliases: 100, fields: 5_000 });

/**
 * How much a selection asks for, its fragments included as often as they are used.
 * @typedef {{ depth: number, aliases: number, fields: number }} Size
 */

/**
 * Refuses documents that ask for too much, before they are validated: validation itself is what such documents overload.
 * Documents are looked at once; the runtime keeps the outcome with the parsed document.
 * @returns {import('@graphql-hive/gateway-runtime').GatewayPlugin}
 */
export function useLimits() {
  const known = /** @type {WeakSet<object>} */ (new WeakSet());
  return {
    onParse({ setParseFn }) {
      setParseFn(parseWithinLimits);
      return ({ result, replaceParseResult }) => {
        if (!result || result instanceof Error || known.has(result)) return;
        const excess = excessOf(result);
        if (excess) replaceParseResult(excess);
        else known.add(result);
      };
    },
  };
}

/**
 * @param {string | import('graphql').Source} source
 * @param {import('graphql').ParseOptions} [options]
 */
function parseWithinLimits(source, options) {
  try {
    return parse(source, { ...options, maxTokens: LIMITS.tokens });
  } catch (error) {
    // graphql-js tells of its token limit in words only.
    if (!(error instanceof GraphQLError) || !/more tha[nt] \d+ tokens/.test(error.message)) throw error;
    throw exceeded(`The document has more than ${LIMITS.tokens} tokens.`);
  }
}

/** @param {import('graphql').DocumentNode} document */
function excessOf(document) {
  const measure = createMeasure(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(definition.selectionSet);
    if (size.depth > LIMITS.depth) return exceeded(`The operation is more than ${LIMITS.depth} fields deep.`);
    if (size.aliases > LIMITS.aliases) return exceeded(`The operation has more than ${LIMITS.aliases} aliases.`);
    if (size.fields > LIMITS.fields) return exceeded(`The operation has more than ${LIMITS.fields} fields.`);
  }
  return undefined;
}

/**
 * Each fragment is measured once, so that the time is linear in the document however often fragments spread each other.
 * @param {import('graphql').DocumentNode} document
 */
function createMeasure(document) {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const measured = /** @type {Map<string, Size>} */ (new Map());

  /** @param {string} name @returns {Size} */
  const measureFragment = (name) => {
    const earlier = measured.get(name);
    if (earlier) return earlier;
    const nothing = { depth: 0, aliases: 0, fields: 0 };
    measured.set(name, nothing); // A fragment within itself ends here; validation refuses it.
    const fragment = fragments.get(name);
    const size = fragment ? measure(fragment.selectionSet) : nothing;
    measured.set(name, size);
    return size;
  };

  /** @param {import('graphql').SelectionNode} selection @returns {Size} */
  const measureSelection = (selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet);
    // Introspection is deep by nature; graphql-js has a validation rule of its own against its abuse.
    const inner = selection.selectionSet && !isIntrospection(selection) ? measure(selection.selectionSet) : undefined;
    return {
      depth: 1 + (inner?.depth ?? 0),
      aliases: (selection.alias ? 1 : 0) + (inner?.aliases ?? 0),
      fields: 1 + (inner?.fields ?? 0),
    };
  };

  /** @param {import('graphql').SelectionSetNode} selectionSet @returns {Size} */
  const measure = ({ selections }) => {
    const size = { depth: 0, aliases: 0, fields: 0 };
    for (const selection of selections) {
      const { depth, aliases, fields } = measureSelection(selection);
      size.depth = Math.max(size.depth, depth);
      size.aliases += aliases;
      size.fields += fields;
    }
    return size;
  };
  return measure;
}

/** @param {import('graphql').FieldNode} field */
function isIntrospection({ name }) {
  return name.value === '__schema' || name.value === '__type';
}

/** @param {string} message */
function exceeded(message) {
  return refusal('LIMIT_EXCEEDED', message, 400);
}
