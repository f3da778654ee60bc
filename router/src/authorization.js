import { getNamedType, getOperationAST, isAbstractType, Kind, valueFromASTUntyped, visit } from 'graphql';
import { claimsOf } from './jwt.js';
import { placeOf, withNull } from './nulls.js';
import { problem } from './problem.js';

/**
 * A place of an operation that not everybody may see: its response keys with their types, and what it demands. Scopes are
 * alternatives, each a list of scopes that are needed together; none at all means that being logged in is enough.
 * @typedef {{
 *   node: import('graphql').FieldNode,
 *   coordinate: string,
 *   path: import('./nulls.js').Path,
 *   scopes: string[][],
 * }} Guarded
 */

/**
 * @typedef {{ guarded: Guarded[], documents: Map<string, import('graphql').DocumentNode> }} Known
 */

/**
 * Enforces `@authenticated` and `@requiresScopes`: a field that the caller may not see is never asked for, it is null with
 * an error, and the rest of the answer stands. Subgraphs enforce the same once more.
 * @returns {import('@graphql-hive/gateway-runtime').GatewayPlugin}
 */
export function useAuthorization() {
  const known = createOperationCache();
  return {
    onExecute({ args }) {
      const { guarded, documents } = known(args.schema, args.document, args.operationName ?? '');
      if (guarded.length === 0) return undefined;
      const claims = claimsOf(args.contextValue);
      const denied = guarded.filter(({ scopes }) => !isAllowed(scopes, claims));
      if (denied.length === 0) return undefined;
      const key = denied.map((place) => guarded.indexOf(place)).join();
      args.document = computeOnce(documents, key, () => withoutFields(args.document, denied));
      return {
        onExecuteDone({ result, setResult }) {
          if ('data' in result) setResult(withDenials(result, denied, claims === undefined));
        },
      };
    },
  };
}

/**
 * Remembers the guarded places of an operation, and its document without them, for as long as its document is cached:
 * equal documents are planned once.
 */
function createOperationCache() {
  const bySchema = /** @type {WeakMap<object, WeakMap<object, Map<string, Known>>>} */ (new WeakMap());
  /** @param {any} schema @param {import('graphql').DocumentNode} document @param {string} name @returns {Known} */
  return (schema, document, name) => {
    const byDocument = computeOnce(bySchema, schema, () => new WeakMap());
    const byName = computeOnce(byDocument, document, () => new Map());
    return computeOnce(byName, name, () => ({ guarded: findGuarded(schema, document, name), documents: new Map() }));
  };
}

/**
 * @template Key, Value
 * @param {{ get(key: Key): Value | undefined, set(key: Key, value: Value): unknown }} cache
 * @param {Key} key
 * @param {() => Value} compute
 */
function computeOnce(cache, key, compute) {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = compute();
  cache.set(key, value);
  return value;
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document
 * @param {string} operationName
 */
function findGuarded(schema, document, operationName) {
  const guarded = /** @type {Guarded[]} */ ([]);
  /** @param {import('graphql').SelectionSetNode} selectionSet @param {any} parent @param {import('./nulls.js').Path} path */
  const search = (selectionSet, parent, path) => {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) searchField(selection, parent, path);
      else searchFragment(selection, parent, path);
    }
  };
  /** @param {import('graphql').FieldNode} node @param {any} parent @param {import('./nulls.js').Path} path */
  const searchField = (node, parent, path) => {
    const field = parent.getFields?.()[node.name.value];
    if (!field) return;
    const here = [...path, { key: node.alias?.value ?? node.name.value, type: field.type }];
    const scopes = demandsOf(schema, parent, field);
    if (scopes) guarded.push({ node, coordinate: `${parent.name}.${field.name}`, path: here, scopes });
    else if (node.selectionSet) search(node.selectionSet, getNamedType(field.type), here);
  };
  /** @param {import('graphql').InlineFragmentNode | import('graphql').FragmentSpreadNode} selection @param {any} parent @param {import('./nulls.js').Path} path */
  const searchFragment = (selection, parent, path) => {
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(document, selection.name.value);
    if (!fragment) return;
    const condition = fragment.typeCondition?.name.value;
    search(fragment.selectionSet, condition ? schema.getType(condition) : parent, path);
  };
  const operation = getOperationAST(document, operationName || null);
  if (operation) search(operation.selectionSet, schema.getRootType(operation.operation), []);
  return guarded;
}

/** @param {import('graphql').DocumentNode} document @param {string} name */
function fragmentOf(document, name) {
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name) return node;
  }
  return undefined;
}

/**
 * What a field demands: its own directives, those of its type, and those of the types that implement an interface.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {any} parent
 * @param {import('graphql').GraphQLField<unknown, unknown>} field
 * @returns {string[][] | undefined} undefined when everybody may see it
 */
function demandsOf(schema, parent, field) {
  const implementations = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
  const guards = [parent, field, getNamedType(field.type), ...implementations.map((type) => type.getFields()[field.name])];
  const demands = guards.flatMap((guard) => directiveDemands(guard?.astNode?.directives ?? []));
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

/** @param {string[][]} alternatives @param {import('./jwt.js').Claims | undefined} claims */
function isAllowed(alternatives, claims) {
  if (!claims) return false;
  const held = new Set(claims.scope?.split(' '));
  return alternatives.some((scopes) => scopes.every((scope) => held.has(scope)));
}

/**
 * The document with `__typename` in place of what is denied: every selection keeps its shape, and nothing denied is asked for.
 * @param {import('graphql').DocumentNode} document
 * @param {Guarded[]} denied
 */
function withoutFields(document, denied) {
  const nodes = new Set(denied.map(({ node }) => node));
  return visit(document, {
    Field(node) {
      if (!nodes.has(node)) return undefined;
      const alias = node.alias ?? node.name;
      return { ...node, alias, name: { kind: Kind.NAME, value: '__typename' }, arguments: [], selectionSet: undefined };
    },
  });
}

/**
 * The result with nulls in the denied places, and an error for each that the data has.
 * @param {any} result
 * @param {Guarded[]} denied
 * @param {boolean} isAnonymous
 */
function withDenials(result, denied, isAnonymous) {
  let { data } = result;
  const errors = [...(result.errors ?? [])];
  for (const guarded of denied) {
    const place = placeOf(data, guarded.path);
    if (!place) continue;
    data = withNull(data, guarded.path);
    errors.push(denial(guarded, place, isAnonymous));
  }
  return errors.length > 0 ? { data, errors } : { data };
}

/** @param {Guarded} guarded @param {(string | number)[]} path @param {boolean} isAnonymous */
function denial({ node, coordinate, scopes }, path, isAnonymous) {
  if (isAnonymous) return problem('UNAUTHENTICATED', `${coordinate} needs an access token.`, { path, nodes: [node] });
  const demand = scopes.map((needed) => needed.join(' and ')).join(', or ');
  return problem('FORBIDDEN', `${coordinate} needs a token with the scope ${demand}.`, { path, nodes: [node] });
}
