import { getNamedType, isObjectType, valueFromASTUntyped } from 'graphql';
import { problem } from './problem.js';

/**
 * What a field demands of those who ask for it. Scopes are alternatives, each a list of scopes that are needed together; an empty
 * one means that being logged in is enough.
 * @typedef {{ coordinate: string, scopes: string[][] }} Guard
 * @typedef {import('./jwt.js').Claims} Claims
 * @typedef {import('graphql').GraphQLField<unknown, unknown>} Field
 */

/**
 * Enforces `@authenticated` and `@requiresScopes` of a schema: says for each caller which fields are denied. A denied field is never asked
 * for, it is null with an error, and the rest of the answer stands. Subgraphs enforce the same once more.
 * @param {import('graphql').GraphQLSchema} schema
 */
export function createAuthorization(schema) {
  const guards = guardsOf(schema);
  const named = [...new Set([...guards.values()].flatMap(({ scopes }) => scopes.flat()))];
  return {
    /**
     * Callers with one key may see the same.
     * @param {Claims | undefined} claims
     */
    keyOf(claims) {
      if (!claims) return '';
      const held = heldScopes(claims);
      return ['*', ...named.filter((scope) => held.has(scope))].join(' ');
    },
    /**
     * @param {Claims | undefined} claims
     * @returns {(field: Field) => Guard | undefined} what denies the field, if anything does
     */
    denials(claims) {
      const held = claims && heldScopes(claims);
      return (field) => {
        const guard = guards.get(field);
        return guard && !isAllowed(guard.scopes, held) ? guard : undefined;
      };
    },
  };
}

/** @param {Claims} claims */
function heldScopes({ scope }) {
  return new Set(scope?.split(' '));
}

/** @param {string[][]} alternatives @param {ReadonlySet<string> | undefined} held */
function isAllowed(alternatives, held) {
  return held !== undefined && alternatives.some((scopes) => scopes.every((scope) => held.has(scope)));
}

/**
 * All guarded fields of objects.
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {Map<Field, Guard>}
 */
function guardsOf(schema) {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  return new Map(types.flatMap((type) => Object.values(type.getFields()).flatMap((field) => {
    const scopes = demandsOf(type, field);
    return scopes ? [[field, { coordinate: `${type.name}.${field.name}`, scopes }]] : [];
  })));
}

/**
 * What a field demands: its own directives, those of its type and of its parent, and those of the interfaces that it is part of.
 * @param {import('graphql').GraphQLObjectType} parent
 * @param {Field} field
 * @returns {string[][] | undefined} undefined when everybody may see it
 */
function demandsOf(parent, field) {
  const inherited = parent.getInterfaces().filter((type) => field.name in type.getFields());
  const guarding = [parent, field, getNamedType(field.type), ...inherited.flatMap((type) => [type, type.getFields()[field.name]])];
  const demands = guarding.flatMap((guard) => directiveDemands(guard?.astNode?.directives ?? []));
  return demands.length > 0 ? demands.reduce(bothOf) : undefined;
}

/** @param {readonly import('graphql').DirectiveNode[]} directives @returns {string[][][]} */
function directiveDemands(directives) {
  return directives.flatMap((directive) => {
    if (directive.name.value === 'authenticated') return [[[]]];
    if (directive.name.value !== 'requiresScopes') return [];
    const scopes = directive.arguments?.find(({ name }) => name.value === 'scopes');
    return scopes ? [/** @type {string[][]} */ (valueFromASTUntyped(scopes.value))] : [];
  });
}

/** @param {string[][]} left @param {string[][]} right */
function bothOf(left, right) {
  return left.flatMap((some) => right.map((others) => [...new Set([...some, ...others])]));
}

/**
 * @param {Guard} guard
 * @param {readonly import('graphql').FieldNode[]} nodes
 * @param {(string | number)[]} path
 * @param {boolean} isAnonymous
 */
export function denial({ coordinate, scopes }, nodes, path, isAnonymous) {
  if (isAnonymous) return problem('UNAUTHENTICATED', `${coordinate} needs an access token.`, { path, nodes });
  const demand = scopes.map((needed) => needed.join(' and ')).join(', or ');
  return problem('FORBIDDEN', `${coordinate} needs a token with the scope ${demand}.`, { path, nodes });
}
