import { valueFromASTUntyped, visit } from 'graphql';

/**
 * What our routers make of Federation's directives, told before a subgraph is composed: what they would lose or take in another way
 * has no place in the supergraph.
 */

const FEDERATION = 'https://specs.apollo.dev/federation/';
const PERCENT = /^percent\((\d{1,2}(\.\d{1,8})?|100(\.0{1,8})?)\)$/;

/**
 * @param {import('graphql').DocumentNode} document
 * @returns {string[]} a line a problem, with its place
 */
export function unheldBy(document) {
  const names = namesIn(document);
  const problems = /** @type {string[]} */ ([]);
  visit(document, {
    Directive(node) {
      const problem = problemOf(node, names.get(node.name.value));
      if (problem) problems.push(`${placeOf(node)}: ${problem}`);
    },
  });
  return problems;
}

/**
 * Leaves `@policy` to the subgraphs, which decide policies: a router denies what nobody told it to grant.
 * @param {import('graphql').DocumentNode} document
 * @returns {import('graphql').DocumentNode}
 */
export function withoutPolicies(document) {
  const names = namesIn(document);
  return visit(document, { Directive: (node) => (names.get(node.name.value) === 'policy' ? null : undefined) });
}

/** @param {import('graphql').DirectiveNode} node @param {string | undefined} name */
function problemOf(node, name) {
  if (name === 'context' || name === 'fromContext') {
    return `@${name} is lost in the Node router: let callers give the argument, or have it by @requires`;
  }
  const label = name === 'override' ? argumentOf(node, 'label') : undefined;
  if (label === undefined || PERCENT.test(String(label))) return undefined;
  return `@override has the label "${label}", and routers know "percent(0)" to "percent(100)"`;
}

/**
 * The directives of the Federation specification by the names that the document calls them.
 * @param {import('graphql').DocumentNode} document
 * @returns {Map<string, string>}
 */
function namesIn(document) {
  const names = new Map();
  visit(document, {
    Directive(node) {
      if (node.name.value === 'link' && String(argumentOf(node, 'url')).startsWith(FEDERATION)) addNames(node, names);
    },
  });
  return names;
}

/** @param {import('graphql').DirectiveNode} link @param {Map<string, string>} names */
function addNames(link, names) {
  const prefix = argumentOf(link, 'as') ?? 'federation';
  for (const name of ['context', 'fromContext', 'override', 'policy']) names.set(`${prefix}__${name}`, name);
  const imported = /** @type {(string | { name: string, as?: string })[]} */ (argumentOf(link, 'import') ?? []);
  for (const each of imported) {
    const { name, as } = typeof each === 'string' ? { name: each, as: undefined } : each;
    names.set((as ?? name).replace(/^@/, ''), name.replace(/^@/, ''));
  }
}

/** @param {import('graphql').DirectiveNode} node @param {string} name @returns {unknown} */
function argumentOf(node, name) {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  return value && valueFromASTUntyped(value);
}

/** @param {import('graphql').DirectiveNode} node */
function placeOf({ loc }) {
  return `${loc?.source.name}:${loc?.startToken.line}:${loc?.startToken.column}`;
}
