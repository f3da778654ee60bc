import { getNamedType, GraphQLError, isLeafType, isListType, isNonNullType, isObjectType, Kind, print, typeFromAST } from 'graphql';

/**
 * A field where it is selected, with what the schema says of it.
 * @typedef {{
 *   node: import('graphql').FieldNode,
 *   parent: import('graphql').GraphQLNamedType | undefined,
 *   type: import('graphql').GraphQLOutputType | undefined,
 * }} Selected
 * @typedef {{ selectionSet: import('graphql').SelectionSetNode, parent: import('graphql').GraphQLNamedType | undefined }} Place
 */

/** How many fields may be looked at: many times as many as a document may have. Only objects of many kinds under one interface need more. */
const MOST_LOOKED_AT = 100_000;

/**
 * The rule that fields of one name in an answer can be merged ("Field Selection Merging" of the specification), instead of graphql-js's
 * own: that one compares each field with each other of its name, which takes seconds for thousands of them. Fields that can be merged
 * are alike, so that each is compared with the first of them, and what is selected in all of them is looked at together.
 * @param {import('graphql').ValidationContext} context
 * @returns {import('graphql').ASTVisitor}
 */
export function fieldsCanBeMerged(context) {
  const merging = createMerging(context);
  return {
    OperationDefinition({ operation, selectionSet }) {
      const fields = merging.collect([{ selectionSet, parent: context.getSchema().getRootType(operation) ?? undefined }]);
      merging.checkShapes(fields);
      merging.checkSameness(fields);
      return false;
    },
    FragmentDefinition: () => false,
  };
}

/** @param {import('graphql').ValidationContext} context */
function createMerging(context) {
  const argumentsOf = createArgumentTexts();
  const reported = /** @type {Set<import('graphql').FieldNode>} */ (new Set());
  let lookedAt = 0;

  /**
   * @param {readonly Place[]} places
   * @returns {Selected[][]} the fields by their names in the answer
   */
  const collect = (places) => {
    const byKey = /** @type {Map<string, Selected[]>} */ (new Map());
    const spread = /** @type {Set<string>} */ (new Set());
    const visit = (/** @type {Place} */ { selectionSet, parent }) => {
      for (const selection of selectionSet.selections) {
        if (selection.kind === Kind.FIELD) add(byKey, selection, parent);
        else enter(selection, parent);
      }
    };
    /** @param {import('graphql').InlineFragmentNode | import('graphql').FragmentSpreadNode} node @param {Place['parent']} parent */
    const enter = (node, parent) => {
      if (node.kind === Kind.FRAGMENT_SPREAD && (spread.size === spread.add(node.name.value).size)) return;
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? context.getFragment(node.name.value) : node;
      if (!fragment) return;
      const type = fragment.typeCondition && typeFromAST(context.getSchema(), fragment.typeCondition);
      visit({ selectionSet: fragment.selectionSet, parent: fragment.typeCondition ? type : parent });
    };
    places.forEach(visit);
    return [...byKey.values()];
  };
  /** @param {Selected[]} fields */
  const innerFields = (fields) => {
    lookedAt += fields.length;
    if (lookedAt > MOST_LOOKED_AT) throw new RangeError('The document selects too much of one name.');
    return collect(fields.flatMap(({ node: { selectionSet }, type }) => (selectionSet ? [{ selectionSet, parent: type && getNamedType(type) }] : [])));
  };
  /** @param {Selected[][]} groups of any objects: their values have the same shape */
  const checkShapes = (groups) => {
    for (const fields of groups) {
      const first = fields.find(({ type }) => type !== undefined); // Nothing is known of __typename, and of fields that are not there.
      const other = first && fields.find(({ type }) => !haveSameShape(first.type, type));
      if (other) report(first, other, 'they have different types');
      else checkShapes(innerFields(fields));
    }
  };
  /** @param {Selected[][]} groups of objects that may be the same one: the fields are the same, too */
  const checkSameness = (groups) => {
    for (const fields of groups.flatMap(ofOneObject)) {
      const [first] = /** @type {[Selected]} */ (fields);
      const other = fields.find(({ node }) => node.name.value !== first.node.name.value || argumentsOf(node) !== argumentsOf(first.node));
      if (other) report(first, other, other.node.name.value === first.node.name.value ? 'they have different arguments' : 'they are different fields');
      else checkSameness(innerFields(fields));
    }
  };
  /** @param {Selected} first @param {Selected} other @param {string} reason */
  const report = ({ node }, other, reason) => {
    if (reported.size === reported.add(other.node).size) return; // Of another type, and another field: once is enough.
    const name = (node.alias ?? node.name).value;
    const message = `Fields "${name}" conflict because ${reason}. Use different aliases on the fields to fetch both if this was intentional.`;
    context.reportError(new GraphQLError(message, { nodes: [node, other.node] }));
  };
  return { collect, checkShapes, checkSameness };
}

/** @param {Map<string, Selected[]>} byKey @param {import('graphql').FieldNode} node @param {Place['parent']} parent */
function add(byKey, node, parent) {
  const key = (node.alias ?? node.name).value;
  const field = parent && 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
  const selected = { node, parent, type: /** @type {import('graphql').GraphQLOutputType | undefined} */ (field?.type) };
  const fields = byKey.get(key);
  if (fields) fields.push(selected);
  else byKey.set(key, [selected]);
}

/**
 * The fields that may be asked of one and the same object, for each kind of object: those of an interface may be asked of any.
 * @param {Selected[]} fields of one name
 */
function ofOneObject(fields) {
  const [first] = fields;
  if (fields.every(({ parent }) => parent === first?.parent)) return [fields];
  const objects = new Set(fields.map(({ parent }) => parent).filter(isObjectType));
  if (objects.size === 0) return [fields];
  return [...objects].map((object) => fields.filter(({ parent }) => parent === object || !isObjectType(parent)));
}

/**
 * @param {import('graphql').GraphQLOutputType | undefined} one
 * @param {import('graphql').GraphQLOutputType | undefined} other
 * @returns {boolean}
 */
function haveSameShape(one, other) {
  if (one === other || !one || !other) return true;
  if (isNonNullType(one) || isNonNullType(other)) return isNonNullType(one) && isNonNullType(other) && haveSameShape(one.ofType, other.ofType);
  if (isListType(one) || isListType(other)) return isListType(one) && isListType(other) && haveSameShape(one.ofType, other.ofType);
  return !isLeafType(one) && !isLeafType(other);
}

/** Makes the function that answers with a text that is the same for equal arguments. */
function createArgumentTexts() {
  const texts = /** @type {Map<import('graphql').FieldNode, string>} */ (new Map());
  /** @param {import('graphql').FieldNode} node */
  return (node) => {
    if (!node.arguments?.length) return '';
    const text = texts.get(node) ?? node.arguments.map(({ name, value }) => `${name.value}:${print(sorted(value))}`).sort().join();
    texts.set(node, text);
    return text;
  };
}

/**
 * @param {import('graphql').ValueNode} value
 * @returns {import('graphql').ValueNode} with the fields of objects in one order
 */
function sorted(value) {
  if (value.kind === Kind.LIST) return { ...value, values: value.values.map(sorted) };
  if (value.kind !== Kind.OBJECT) return value;
  const fields = value.fields.map((field) => ({ ...field, value: sorted(field.value) }));
  return { ...value, fields: fields.sort((one, other) => (one.name.value < other.name.value ? -1 : 1)) };
}
