import { BREAK, GraphQLError, Kind, MaxIntrospectionDepthRule, NoFragmentCyclesRule, OverlappingFieldsCanBeMergedRule, parse, specifiedRules, validate, visit } from 'graphql';
import { LIMITS } from './bounds.js';
import { fieldsCanBeMerged } from './merging.js';

/** graphql-js's rules, but the one that we keep in less time, and the one that is a limit. */
const OTHERS = [OverlappingFieldsCanBeMergedRule, MaxIntrospectionDepthRule];
const RULES = [...specifiedRules.filter((rule) => !OTHERS.includes(rule)), fieldsCanBeMerged, numbersAreFinite];

/** What a text has that asks about the schema, wherever in it. */
const INTROSPECTION = /__(schema|type)\b/;

/** @type {import('./documents.js').Reason} */
const TOO_DEEP = {
  code: 'LIMIT_EXCEEDED',
  message: 'The document asks for fields, inputFields, interfaces and possibleTypes of types more than twice within each other.',
};

/**
 * The mistakes of a document, at most so many as anybody reads. They keep nothing of it: errors would, by the stacks that they hold.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document without locations
 * @param {string} text
 * @returns {import('./documents.js').Reason[]}
 */
export function mistakesOf(schema, document, text) {
  if (INTROSPECTION.test(text) && firstMistakes(schema, document, [MaxIntrospectionDepthRule], 1).length > 0) return [TOO_DEEP];
  return located(firstMistakes(schema, document, RULES, LIMITS.errors), document, text);
}

/**
 * The fragments of a document that are within themselves, likewise.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document without locations
 * @param {string} text
 * @returns {import('./documents.js').Reason[]}
 */
export function cyclesOf(schema, document, text) {
  const hasFragments = document.definitions.some(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return hasFragments ? located(firstMistakes(schema, document, [NoFragmentCyclesRule], LIMITS.errors), document, text) : [];
}

/**
 * The rule that a number can be had: JSON has no infinity, so that one too large would turn into null.
 * @param {import('graphql').ValidationContext} context
 * @returns {import('graphql').ASTVisitor}
 */
function numbersAreFinite(context) {
  return {
    FloatValue(node) {
      if (!Number.isFinite(Number(node.value))) context.reportError(new GraphQLError('A number is too large.', { nodes: node }));
    },
  };
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document
 * @param {readonly import('graphql').ValidationRule[]} rules
 * @param {number} most
 */
function firstMistakes(schema, document, rules, most) {
  return validate(schema, document, rules, { maxErrors: most }).slice(0, most);
}

/**
 * What is wrong, and where: the text is parsed once more, with locations, but not judged once more.
 * @param {readonly GraphQLError[]} errors
 * @param {import('graphql').DocumentNode} document without locations
 * @param {string} text
 * @returns {import('./documents.js').Reason[]}
 */
function located(errors, document, text) {
  if (errors.length === 0) return [];
  const wanted = new Set(errors.flatMap(({ nodes }) => nodes ?? []));
  const positions = positionsOf(wanted, document, parse(text, { maxTokens: LIMITS.tokens }));
  return errors.map(({ message, nodes }) => ({
    code: 'BAD_USER_INPUT',
    message,
    positions: nodes?.map((node) => /** @type {number} */ (positions.get(node))),
  }));
}

/**
 * Where nodes of a tree are in the text, by a tree of the same text that knows.
 * @param {ReadonlySet<import('graphql').ASTNode>} wanted
 * @param {import('graphql').ASTNode} tree
 * @param {import('graphql').ASTNode} locatedTree
 */
function positionsOf(wanted, tree, locatedTree) {
  const positions = /** @type {Map<import('graphql').ASTNode, number>} */ (new Map());
  visit(tree, {
    enter(node, _key, _parent, path) {
      if (wanted.has(node)) positions.set(node, path.reduce((twin, step) => twin[step], /** @type {any} */ (locatedTree)).loc.start);
      return positions.size === wanted.size ? BREAK : undefined;
    },
  });
  return positions;
}
