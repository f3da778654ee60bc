import { getNamedType, Kind, valueFromASTUntyped } from 'graphql';
import { ruleOf, UNKNOWN_SIZE } from './cost-rules.js';

/**
 * The cost of an operation: about the number of objects in its largest answer, by the arithmetic of docs/frontend/limits.md. What of
 * it the document alone decides is reckoned once; the values of variables decide the rest, for each request.
 *
 * @typedef {Record<string, any>} Values of the variables, defaults included
 * @typedef {{ fields: readonly string[], size: number }} Sized what a connection says of the lists in it
 * @typedef {(values: Values, sized: Sized | undefined) => number} Reckoning
 */

const MUTATION_WEIGHT = 10;

/**
 * Makes the function that reckons the cost of an operation for values of its variables.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document valid
 * @param {import('graphql').OperationDefinitionNode} operation one of the document
 * @returns {(variables: Values) => number}
 */
export function createCost(schema, document, operation) {
  const root = /** @type {import('graphql').GraphQLObjectType} */ (schema.getRootType(operation.operation));
  const reckon = createCompiler(schema, document)(operation.selectionSet, root);
  const defaults = Object.fromEntries((operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) => {
    return defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [];
  }));
  const own = operation.operation === 'mutation' ? MUTATION_WEIGHT : 0;
  return (variables) => own + reckon({ ...defaults, ...variables }, undefined);
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document
 */
function createCompiler(schema, document) {
  const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])));
  const compiled = /** @type {Map<string, Reckoning>} */ (new Map());

  /** @param {import('graphql').SelectionSetNode} selectionSet @param {any} parent @returns {Reckoning} */
  const compile = ({ selections }, parent) => {
    const parts = selections.map((selection) => compileSelection(selection, parent)).filter((part) => part !== undefined);
    return (values, sized) => {
      let cost = 0;
      for (const part of parts) cost += part(values, sized);
      return cost;
    };
  };
  /** @param {import('graphql').SelectionNode} selection @param {any} parent @returns {Reckoning | undefined} */
  const compileSelection = (selection, parent) => {
    const reckon = selection.kind === Kind.FIELD ? compileField(selection, parent) : compileFragment(selection, parent);
    const isIncluded = conditionsOf(selection);
    return reckon && isIncluded ? (values, sized) => (isIncluded(values) ? reckon(values, sized) : 0) : reckon;
  };
  /** @param {import('graphql').FieldNode} node @param {any} parent @returns {Reckoning | undefined} */
  const compileField = (node, parent) => {
    const field = parent.getFields?.()[node.name.value];
    if (!field) return undefined; // __typename, and what asks about the schema
    return costOfField(node, ruleOf(field), node.selectionSet && compile(node.selectionSet, getNamedType(field.type)));
  };
  /** @param {import('graphql').InlineFragmentNode | import('graphql').FragmentSpreadNode} node @param {any} parent @returns {Reckoning | undefined} */
  const compileFragment = (node, parent) => {
    if (node.kind === Kind.INLINE_FRAGMENT) return compile(node.selectionSet, node.typeCondition ? schema.getType(node.typeCondition.name.value) : parent);
    const name = node.name.value;
    const known = compiled.get(name);
    if (known) return known;
    const fragment = /** @type {import('graphql').FragmentDefinitionNode} */ (fragments.get(name));
    const reckon = compile(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    compiled.set(name, reckon);
    return reckon;
  };
  return compile;
}

/**
 * @param {import('graphql').FieldNode} node
 * @param {import('./cost-rules.js').FieldRule} rule
 * @param {Reckoning | undefined} inner what is selected of it
 * @returns {Reckoning | undefined} undefined where it costs nothing
 */
function costOfField(node, rule, inner) {
  const { argumentWeights, isList, sizeRule, typeWeight } = rule;
  const own = rule.weight + (node.arguments ?? []).reduce((sum, { name }) => sum + (argumentWeights.get(name.value) ?? 0), 0);
  if (own === 0 && typeWeight === 0 && !inner) return undefined;
  const sizeOf = sizeRule && createSize(node, sizeRule);
  const inherited = sizeRule?.sizedFields;
  return (values, sized) => {
    const size = sizeOf?.(values) ?? UNKNOWN_SIZE;
    const length = !isList ? 1 : sizeRule && !inherited ? size : sized?.fields.includes(node.name.value) ? sized.size : size;
    return own + length * (typeWeight + (inner?.(values, inherited && { fields: inherited, size }) ?? 0));
  };
}

/**
 * @param {import('graphql').FieldNode} node
 * @param {import('./cost-rules.js').SizeRule} rule
 * @returns {(values: Values) => number}
 */
function createSize(node, { slicing, assumed }) {
  const sizes = slicing.map(({ argument, fallback }) => {
    const given = node.arguments?.find(({ name }) => name.value === argument)?.value;
    const read = given && createReader(given);
    return (/** @type {Values} */ values) => read?.(values) ?? fallback;
  });
  return (values) => {
    const known = sizes.map((size) => size(values)).filter((size) => typeof size === 'number');
    return known.length > 0 ? Math.max(0, ...known) : assumed;
  };
}

/**
 * Whether a selection is included for values, if that is not certain.
 * @param {import('graphql').SelectionNode} selection
 * @returns {((values: Values) => boolean) | undefined}
 */
function conditionsOf({ directives = [] }) {
  const conditions = directives.filter(({ name }) => name.value === 'skip' || name.value === 'include').map((directive) => {
    const read = createReader(/** @type {import('graphql').ConstArgumentNode} */ (directive.arguments?.[0]).value);
    const wanted = directive.name.value === 'include';
    return (/** @type {Values} */ values) => (read(values) === true) === wanted;
  });
  return conditions.length > 0 ? (values) => conditions.every((holds) => holds(values)) : undefined;
}

/** @param {import('graphql').ValueNode} node @returns {(values: Values) => any} */
function createReader(node) {
  if (node.kind === Kind.VARIABLE) return (values) => values[node.name.value];
  const value = valueFromASTUntyped(node);
  return () => value;
}
