import { Kind } from 'graphql';

/**
 * @typedef {import('./rules.js').Report} Report
 * @typedef {import('graphql').FieldDefinitionNode} Field
 * @typedef {import('graphql').TypeNode} Type
 * @typedef {import('graphql').ValueNode} Value
 */

const COMPOSITE = new Set([Kind.OBJECT_TYPE_DEFINITION, Kind.INTERFACE_TYPE_DEFINITION, Kind.UNION_TYPE_DEFINITION]);
const PAGE = { slicingArguments: 'first', sizedFields: 'nodes,edges', requireOneSlicingArgument: 'false' };

/**
 * Every list of objects says how large it is, since its cost is reckoned from that: a page by `first`, any other by an assumed size. Lists of scalars
 * cost nothing, and the errors of payloads are few.
 * @param {Report} report
 * @returns {import('graphql').ASTVisitor}
 */
export function listsSayTheirSize(report) {
  /** @type {Set<string>} */
  let composite = new Set();
  return {
    Document(node) {
      const types = node.definitions.filter((definition) => COMPOSITE.has(/** @type {any} */ (definition.kind)));
      composite = new Set(types.map((definition) => /** @type {import('graphql').ObjectTypeDefinitionNode} */ (definition).name.value));
    },
    FieldDefinition(field, _key, _parent, _path, ancestors) {
      const owner = /** @type {any} */ (ancestors.at(-1)).name?.value ?? /** @type {any} */ (ancestors.at(-2)).name.value;
      if (nameOf(field.type).endsWith('Connection')) checkPage(field, report);
      else if (isList(field.type) && composite.has(nameOf(field.type)) && !isBounded(owner, field)) checkSize(field, report);
    },
  };
}

/**
 * Sized by the connection, or by how many mistakes one input can have.
 * @param {string} owner
 * @param {Field} field
 */
function isBounded(owner, field) {
  return owner.endsWith('Connection') || (owner.endsWith('Payload') && field.name.value === 'errors');
}

/** @param {Field} field @param {Report} report */
function checkPage(field, report) {
  const size = sizeOf(field);
  if (Object.entries(PAGE).some(([name, value]) => size.get(name) !== value)) {
    report(field, `field "${field.name.value}" returns a connection and is not sized by first: @listSize(slicingArguments: ["first"], ...)`);
  }
}

/** @param {Field} field @param {Report} report */
function checkSize(field, report) {
  if (!/^[1-9]\d*$/.test(sizeOf(field).get('assumedSize') ?? '')) {
    report(field, `list "${field.name.value}" does not say its size: @listSize(assumedSize: ...)`);
  }
}

/** The arguments of the field's `@listSize`. @param {Field} field */
function sizeOf(field) {
  const directive = field.directives?.find(({ name }) => name.value === 'listSize');
  return new Map(directive?.arguments?.map(({ name, value }) => [name.value, textOf(value)]));
}

/** @param {Value} value @returns {string} */
function textOf(value) {
  if (value.kind === Kind.LIST) return value.values.map(textOf).join();
  return 'value' in value ? String(value.value) : '';
}

/** @param {Type} type @returns {boolean} */
function isList(type) {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
}

/** @param {Type} type @returns {string} */
function nameOf(type) {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
