import { Kind } from 'graphql';

/**
 * @typedef {(place: import('graphql').ASTNode, message: string) => void} Report
 * @typedef {import('graphql').FieldDefinitionNode} Field
 * @typedef {import('graphql').TypeNode} Type
 */

const PASCAL_CASE = /^[A-Z][A-Za-z0-9]*$/;
const CAMEL_CASE = /^[a-z][A-Za-z0-9]*$/;
const UPPER_CASE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;
const VERB_FIRST = /^(add|apply|cancel|change|confirm|create|delete|get|log|place|post|put|refresh|register|remove|set|update)([A-Z]|$)/;

/**
 * Everything has a description and a name as the conventions of the supergraph ask for.
 * @param {Report} report
 * @returns {import('graphql').ASTVisitor}
 */
export function everythingIsNamedAndDescribed(report) {
  return {
    enter(node) {
      const kind = NAMED[/** @type {keyof typeof NAMED} */ (node.kind)];
      if (!kind) return;
      const { name, description } = /** @type {import('graphql').TypeDefinitionNode} */ (node);
      if (!kind.pattern.test(name.value)) report(node, `${kind.label} "${name.value}" is not in ${kind.style}`);
      if (!description?.value.trim()) report(node, `${kind.label} "${name.value}" has no description`);
    },
  };
}

const type = { label: 'type', pattern: PASCAL_CASE, style: 'PascalCase' };
const NAMED = {
  [Kind.OBJECT_TYPE_DEFINITION]: type,
  [Kind.INTERFACE_TYPE_DEFINITION]: type,
  [Kind.UNION_TYPE_DEFINITION]: type,
  [Kind.ENUM_TYPE_DEFINITION]: type,
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: type,
  [Kind.SCALAR_TYPE_DEFINITION]: type,
  [Kind.FIELD_DEFINITION]: { label: 'field', pattern: CAMEL_CASE, style: 'camelCase' },
  [Kind.INPUT_VALUE_DEFINITION]: { label: 'argument or input field', pattern: CAMEL_CASE, style: 'camelCase' },
  [Kind.ENUM_VALUE_DEFINITION]: { label: 'enum value', pattern: UPPER_CASE, style: 'UPPER_CASE' },
};

/**
 * A mutation is named noun first, takes one `input` (and an idempotencyKey where it moves money or stock), and returns a
 * payload named after it, which has errors; and each type of errors implements UserError.
 * @param {Report} report
 * @returns {import('graphql').ASTVisitor}
 */
export function mutationsTakeAnInputAndReturnAPayload(report) {
  return {
    ObjectTypeDefinition(node) {
      if (node.name.value === 'Mutation') node.fields?.forEach((field) => checkMutation(field, report));
      if (node.name.value.endsWith('Payload') && !node.fields?.some(isListOfErrors)) {
        report(node, `payload "${node.name.value}" has no field errors: [...UserError!]!`);
      }
      if (node.name.value.endsWith('UserError') && !node.interfaces?.some((each) => each.name.value === 'UserError')) {
        report(node, `type "${node.name.value}" does not implement UserError`);
      }
    },
  };
}

/** @param {Field} field @param {Report} report */
function checkMutation(field, report) {
  const name = field.name.value;
  const typeName = name.charAt(0).toUpperCase() + name.slice(1);
  if (VERB_FIRST.test(name)) report(field, `mutation "${name}" begins with its verb; the noun comes first`);
  if (textOf(field.type) !== `${typeName}Payload!`) report(field, `mutation "${name}" does not return ${typeName}Payload!`);
  for (const argument of field.arguments ?? []) {
    const expected = { input: `${typeName}Input!`, idempotencyKey: 'String!' }[argument.name.value];
    if (!expected) report(argument, `mutation "${name}" takes "${argument.name.value}"; it may take input and idempotencyKey`);
    else if (textOf(argument.type) !== expected) report(argument, `"${argument.name.value}" of "${name}" is not ${expected}`);
  }
}

/** @param {Field} field */
function isListOfErrors(field) {
  return field.name.value === 'errors' && /^\[\w*UserError!\]!$/.test(textOf(field.type));
}

/**
 * A field that returns a connection takes `first` and `after`.
 * @param {Report} report
 * @returns {import('graphql').ASTVisitor}
 */
export function connectionsArePagedForward(report) {
  return {
    FieldDefinition(field) {
      if (!/^\w+Connection!?$/.test(textOf(field.type))) return;
      const types = new Map(field.arguments?.map((argument) => [argument.name.value, textOf(argument.type)]));
      if (types.get('first') !== 'Int' || types.get('after') !== 'String') {
        report(field, `field "${field.name.value}" returns a connection and does not take first: Int and after: String`);
      }
    },
  };
}

/** @param {Type} type @returns {string} */
function textOf(type) {
  if (type.kind === Kind.NON_NULL_TYPE) return `${textOf(type.type)}!`;
  return type.kind === Kind.LIST_TYPE ? `[${textOf(type.type)}]` : type.name.value;
}
