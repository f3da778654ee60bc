import { isNonNullType, Kind, print } from 'graphql';
import { documentRefusal } from '../problem.js';
import { innerSelection } from './shape.js';

/**
 * The plain form of an operation: no fragment but by concrete type, no condition, no repetition, no alias that is the name of a
 * field, and no text of the client but the names of its variables. `text` is empty where no subgraph needs to be asked.
 * @typedef {import('./shape.js').Selection} Selection
 * @typedef {import('./shape.js').FieldShape} FieldShape
 * @typedef {{ text: string, lifted: Lifted[] }} Plain
 */

/**
 * An argument's value that has become a variable: planners and printers need not agree on how a text or an object is written.
 * @typedef {{ name: string, place: string, node: import('graphql').ValueNode, argument: import('graphql').GraphQLArgument }} Lifted
 */

/** What abstract types may multiply an operation to. */
const MOST_FIELDS = 20_000;

/** Variables that plans bring along. */
const NAMES_OF_PLANS = /^(representations$|__)/;

/**
 * @param {import('./collect.js').Operation} operation
 * @param {Selection} selection
 * @returns {Plain}
 * @throws {import('graphql').GraphQLError} LIMIT_EXCEEDED where the possible types of interfaces make it too large
 */
export function plainOf({ operation }, selection) {
  const writer = createWriter(operation);
  const fields = writer.write([selection]);
  if (fields === '{ __typename }') return { text: '', lifted: [] };
  const definitions = writer.definitions();
  return { text: `${operation.operation}${definitions && ` (${definitions})`} ${fields}`, lifted: writer.lifted };
}

/** @param {import('graphql').OperationDefinitionNode} operation */
function createWriter({ variableDefinitions = [] }) {
  const own = new Map(variableDefinitions.map((node) => [node.variable.name.value, node]));
  const used = /** @type {Set<string>} */ (new Set());
  const lifted = /** @type {Lifted[]} */ ([]);
  const liftedNames = /** @type {Map<string, string>} */ (new Map());
  let written = 0;
  let number = 0;

  /** @param {readonly Selection[]} selections of the same kind of object @returns {string} */
  const write = (selections) => {
    const [first] = /** @type {[Selection]} */ (/** @type {unknown} */ (selections));
    if (first.only !== undefined) return `{ ${writeFields(selections, first.only) || '__typename'} }`;
    const byType = [...first.fields.keys()].map((name) => [name, writeFields(selections, name)]);
    const fragments = byType.flatMap(([name, fields]) => (fields ? [`... on ${name} { ${fields} }`] : []));
    return `{ ${['__typename', ...fragments].join(' ')} }`;
  };
  /** @param {readonly Selection[]} selections @param {string} typeName */
  const writeFields = (selections, typeName) => {
    const grouped = /** @type {Map<string, FieldShape[]>} */ (new Map());
    for (const field of selections.flatMap(({ fields }) => fields.get(typeName) ?? [])) {
      if (field.isLocal || field.denied) continue;
      const group = grouped.get(field.plainKey);
      if (group) group.push(field);
      else grouped.set(field.plainKey, [field]);
    }
    return [...grouped.values()].map((fields) => writeField(fields, typeName)).join(' ');
  };
  /** @param {readonly FieldShape[]} fields that are asked for at once @param {string} typeName */
  const writeField = (fields, typeName) => {
    if ((written += 1) > MOST_FIELDS) throw documentRefusal('LIMIT_EXCEEDED', `The operation has more than ${MOST_FIELDS} fields for all types.`);
    const [{ plainKey, name }] = /** @type {[FieldShape]} */ (/** @type {unknown} */ (fields));
    const selections = fields.flatMap(({ value }) => innerSelection(value) ?? []);
    const inner = selections.length > 0 ? ` ${write(selections)}` : '';
    return `${plainKey === name ? name : `${plainKey}: ${name}`}${writeArguments(fields, typeName)}${inner}`;
  };
  /** @param {readonly FieldShape[]} fields @param {string} typeName */
  const writeArguments = ([field], typeName) => {
    const given = field?.nodes[0]?.arguments ?? [];
    const texts = given.map((node) => `${node.name.value}: ${writeValue(node, /** @type {FieldShape} */ (field), typeName)}`);
    return texts.length > 0 ? `(${texts.join(', ')})` : '';
  };
  /** @param {import('graphql').ArgumentNode} node @param {FieldShape} field @param {string} typeName */
  const writeValue = ({ name, value }, { definition }, typeName) => {
    const argument = definition?.args.find((each) => each.name === name.value);
    if (!argument) throw new Error(`${typeName}.${definition?.name} has no argument ${name.value}`);
    if (!isPlain(value, argument, own)) return `$${lift(value, argument, `${typeName}.${definition?.name}`)}`;
    if (value.kind === Kind.VARIABLE) used.add(value.name.value);
    return print(value);
  };
  /** @param {import('graphql').ValueNode} node @param {import('graphql').GraphQLArgument} argument @param {string} field */
  const lift = (node, argument, field) => {
    const identity = `${argument.type} ${print(node)}`;
    const known = liftedNames.get(identity);
    if (known !== undefined) return known;
    do number += 1;
    while (own.has(`value_${number}`));
    const name = `value_${number}`;
    liftedNames.set(identity, name);
    lifted.push({ name, place: `the argument ${argument.name} of ${field}`, node, argument });
    return name;
  };
  const definitions = () => {
    const kept = [...used].flatMap((name) => definitionText(own.get(name)));
    return [...kept, ...lifted.map(({ name, argument }) => `$${name}: ${argument.type}`)].join(', ');
  };
  return { write, definitions, lifted };
}

/**
 * Whether every reader of GraphQL understands the value alike, without the defaults of variables.
 * @param {import('graphql').ValueNode} value
 * @param {import('graphql').GraphQLArgument} argument
 * @param {ReadonlyMap<string, import('graphql').VariableDefinitionNode>} definitions
 */
function isPlain(value, argument, definitions) {
  if (value.kind === Kind.INT) return Number.isSafeInteger(Number(value.value));
  if (value.kind !== Kind.VARIABLE) return value.kind === Kind.BOOLEAN || value.kind === Kind.ENUM || value.kind === Kind.NULL;
  const definition = definitions.get(value.name.value);
  if (!definition || definition.defaultValue || NAMES_OF_PLANS.test(value.name.value)) return false;
  return definition.type.kind === Kind.NON_NULL_TYPE || !isNonNullType(argument.type);
}

/** @param {import('graphql').VariableDefinitionNode | undefined} node */
function definitionText(node) {
  return node ? [`$${node.variable.name.value}: ${print(node.type)}`] : [];
}
