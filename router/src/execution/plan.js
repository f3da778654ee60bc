import { parse, print } from 'graphql';

/**
 * A plan as the planner makes it.
 * @typedef {import('@graphql-hive/router-query-planner').QueryPlan} QueryPlan
 * @typedef {import('@graphql-hive/router-query-planner').FetchNode} FetchNode
 * @typedef {import('@graphql-hive/router-query-planner').BatchFetchNode} BatchFetchNode
 * @typedef {import('@graphql-hive/router-query-planner').PlanNode} PlanNode
 */

/**
 * The document of a fetch, parsed once.
 * @param {FetchNode | BatchFetchNode} fetch
 * @returns {import('graphql').DocumentNode}
 */
export function documentOf(fetch) {
  const known = documents.get(fetch);
  if (known) return known;
  const document = parse(fetch.operation, { noLocation: true });
  documents.set(fetch, document);
  texts.set(document, fetch.operation);
  return document;
}

/**
 * The text of a fetch's document, as the planner wrote it.
 * @param {import('graphql').DocumentNode} document
 */
export function textOf(document) {
  return texts.get(document) ?? print(document);
}

const texts = /** @type {WeakMap<import('graphql').DocumentNode, string>} */ (new WeakMap());
const documents = /** @type {WeakMap<object, import('graphql').DocumentNode>} */ (new WeakMap());
