import { GraphQLError, MaxIntrospectionDepthRule, NoFragmentCyclesRule, OverlappingFieldsCanBeMergedRule, parse, Source, specifiedRules, validate } from 'graphql';
import { LIMITS } from './bounds.js';
import { fieldsCanBeMerged } from './merging.js';

/** graphql-js's rules, but the one that we keep in less time, and the one that is a limit. */
const OTHERS = [OverlappingFieldsCanBeMergedRule, MaxIntrospectionDepthRule];
const RULES = [...specifiedRules.filter((rule) => !OTHERS.includes(rule)), fieldsCanBeMerged, numbersAreFinite];

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
  if (validate(schema, document, [MaxIntrospectionDepthRule], { maxErrors: 1 }).length > 0) return [TOO_DEEP];
  return locatedMistakes(schema, document, text, RULES);
}

/**
 * The fragments of a document that are within themselves, likewise.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document without locations
 * @param {string} text
 * @returns {import('./documents.js').Reason[]}
 */
export function cyclesOf(schema, document, text) {
  return locatedMistakes(schema, document, text, [NoFragmentCyclesRule]);
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document
 * @param {string} text
 * @param {readonly import('graphql').ValidationRule[]} rules
 * @returns {import('./documents.js').Reason[]}
 */
function locatedMistakes(schema, document, text, rules) {
  if (firstMistakes(schema, document, rules, 1).length === 0) return [];
  const located = parse(new Source(text), { maxTokens: LIMITS.tokens });
  return firstMistakes(schema, located, rules, LIMITS.errors).map(({ message, positions }) => ({ code: 'BAD_USER_INPUT', message, positions }));
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
