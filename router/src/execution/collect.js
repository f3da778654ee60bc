import { isAbstractType, Kind } from 'graphql';

/**
 * What an operation is made of.
 * @typedef {{
 *   schema: import('graphql').GraphQLSchema,
 *   operation: import('graphql').OperationDefinitionNode,
 *   fragments: ReadonlyMap<string, import('graphql').FragmentDefinitionNode>,
 *   variables: Record<string, unknown>,
 * }} Operation
 */

/**
 * The fields that a selection asks of an object of the type, by response key in the order of the answer: the specification's
 * CollectFields. Conditions are evaluated, and each fragment is entered once.
 * @param {Operation} operation
 * @param {import('graphql').GraphQLObjectType} type
 * @param {readonly (import('graphql').SelectionSetNode | undefined)[]} selectionSets
 * @returns {Map<string, import('graphql').FieldNode[]>}
 */
export function collectFields(operation, type, selectionSets) {
  const fields = /** @type {Map<string, import('graphql').FieldNode[]>} */ (new Map());
  const entered = /** @type {Set<string>} */ (new Set());

  /** @param {import('graphql').SelectionNode} selection */
  const collect = (selection) => {
    if (!isIncluded(selection, operation.variables)) return;
    if (selection.kind === Kind.FIELD) addField(fields, selection);
    else enter(selection.kind === Kind.FRAGMENT_SPREAD ? fragmentOf(selection.name.value) : selection);
  };
  /** @param {string} name */
  const fragmentOf = (name) => {
    if (entered.has(name)) return undefined;
    entered.add(name);
    return operation.fragments.get(name);
  };
  /** @param {import('graphql').InlineFragmentNode | import('graphql').FragmentDefinitionNode | undefined} fragment */
  const enter = (fragment) => {
    if (fragment && appliesTo(operation.schema, fragment.typeCondition, type)) fragment.selectionSet.selections.forEach(collect);
  };
  for (const selectionSet of selectionSets) selectionSet?.selections.forEach(collect);
  return fields;
}

/** @param {Map<string, import('graphql').FieldNode[]>} fields @param {import('graphql').FieldNode} node */
function addField(fields, node) {
  const key = node.alias?.value ?? node.name.value;
  const nodes = fields.get(key);
  if (nodes) nodes.push(node);
  else fields.set(key, [node]);
}

/** @param {import('graphql').SelectionNode} node @param {Record<string, unknown>} variables */
function isIncluded({ directives = [] }, variables) {
  return directives.every(({ name, arguments: given }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const value = given?.[0]?.value;
    const holds = value?.kind === Kind.VARIABLE ? variables[value.name.value] === true : value?.kind === Kind.BOOLEAN && value.value;
    return holds === (name.value === 'include'); // A null, which a variable with a default may be, does not hold.
  });
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').NamedTypeNode | undefined} condition
 * @param {import('graphql').GraphQLObjectType} type
 */
function appliesTo(schema, condition, type) {
  if (!condition || condition.name.value === type.name) return true;
  const wanted = schema.getType(condition.name.value);
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
}

/**
 * The types that an object can be of where a field has the given type.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').GraphQLCompositeType} type
 * @returns {readonly import('graphql').GraphQLObjectType[]}
 */
export function possibleTypes(schema, type) {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

/**
 * The names of the variables that decide what a document's operations include.
 * @param {import('graphql').DocumentNode} document
 * @returns {string[]}
 */
export function conditionVariables(document) {
  const names = /** @type {Set<string>} */ (new Set());
  /** @param {import('graphql').SelectionSetNode} selectionSet */
  const search = ({ selections }) => {
    for (const selection of selections) {
      for (const directive of selection.directives ?? []) addVariables(directive, names);
      if ('selectionSet' in selection && selection.selectionSet) search(selection.selectionSet);
    }
  };
  for (const definition of document.definitions) {
    if ('selectionSet' in definition) search(definition.selectionSet);
  }
  return [...names];
}

/** @param {import('graphql').DirectiveNode} directive @param {Set<string>} names */
function addVariables(directive, names) {
  for (const { value } of directive.arguments ?? []) {
    if (value.kind === Kind.VARIABLE) names.add(value.name.value);
  }
}
