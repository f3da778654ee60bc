import { filterInternalFieldsAndTypes } from '@graphql-tools/federation';
import { GraphQLSchema, isSpecifiedDirective } from 'graphql';
import { keepScalarRules } from '../scalars.js';

/** What federation's directives bring along: their namespaces, such as `join__Graph` and `requiresScopes__Scope`. */
const INTERNAL_TYPE = /^[a-z]\w*?__/;

/**
 * What clients may see of a supergraph: no directive but the language's own, and no type that only federation needs. The definitions
 * keep the nodes that they were made of, with the directives for the router's own use.
 * @param {import('graphql').GraphQLSchema} supergraph
 * @returns {GraphQLSchema}
 */
export function publicSchema(supergraph) {
  const config = filterInternalFieldsAndTypes(supergraph).toConfig();
  const schema = new GraphQLSchema({
    ...config,
    types: config.types.filter(({ name }) => !INTERNAL_TYPE.test(name)),
    directives: config.directives.filter(isSpecifiedDirective),
  });
  keepScalarRules(schema);
  return schema;
}
