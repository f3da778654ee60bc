import { isInputObjectType, isListType, isNonNullType, isRequiredInputField, typeFromAST } from 'graphql';
import { LIMITS } from './bounds.js';
import { documentRefusal } from './problem.js';
import { takenBy } from './scalars.js';

/**
 * Takes a mistake; says whether there is room for more.
 * @typedef {(message: string) => void} Tell
 * @typedef {import('graphql').GraphQLInputType} InputType
 */

/**
 * The mistakes in a request's variables, at most so many as anybody reads. graphql-js's own messages print the values, which are long
 * at times and none of a log's business at others, such as passwords: ours name the place and the type.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').OperationDefinitionNode} operation valid
 * @param {Record<string, unknown>} values
 * @returns {import('graphql').GraphQLError[]}
 */
export function mistakesInVariables(schema, { variableDefinitions = [] }, values) {
  const mistakes = /** @type {import('graphql').GraphQLError[]} */ ([]);
  const isEnough = () => mistakes.length >= LIMITS.errors;
  const look = createLook((message) => mistakes.push(documentRefusal('BAD_USER_INPUT', message)), isEnough);
  for (const { variable, type: typeNode, defaultValue } of variableDefinitions) {
    const name = variable.name.value;
    const type = /** @type {InputType} */ (typeFromAST(schema, /** @type {any} */ (typeNode)));
    const isGiven = Object.hasOwn(values, name);
    if (isGiven || (isNonNullType(type) && !defaultValue)) look(isGiven ? values[name] : undefined, type, `$${name}`);
    if (isEnough()) break;
  }
  return mistakes;
}

/**
 * @param {Tell} tell
 * @param {() => boolean} isEnough
 */
function createLook(tell, isEnough) {
  /** @param {unknown} value @param {InputType} type @param {string} place */
  const look = (value, type, place) => {
    if (isEnough()) return;
    if (value === null || value === undefined) {
      if (isNonNullType(type)) tell(`Variable "${place}" of type "${type}" ${value === null ? 'must not be null' : 'is missing'}.`);
      return;
    }
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (isListType(nullable)) lookInList(value, nullable.ofType, place);
    else if (isInputObjectType(nullable)) lookInObject(value, nullable, place);
    else if (!isTaken(value, nullable)) tell(`Variable "${place}" has a value that type "${type}" does not take${advice(value, nullable)}.`);
  };
  /** @param {unknown} value @param {InputType} itemType @param {string} place */
  const lookInList = (value, itemType, place) => {
    if (!Array.isArray(value)) look(value, itemType, place);
    else value.forEach((item, index) => look(item, itemType, `${place}[${index}]`));
  };
  /** @param {unknown} value @param {import('graphql').GraphQLInputObjectType} type @param {string} place */
  const lookInObject = (value, type, place) => {
    if (typeof value !== 'object' || Array.isArray(value)) {
      tell(`Variable "${place}" must be an object of type "${type}".`);
      return;
    }
    const given = /** @type {Record<string, unknown>} */ (value);
    const fields = type.getFields();
    for (const key of Object.keys(given)) {
      if (!isEnough() && !Object.hasOwn(fields, key)) tell(`Variable "${place}" has the key "${key}", which type "${type}" does not have.`);
    }
    for (const [key, field] of Object.entries(fields)) {
      if (Object.hasOwn(given, key) || isRequiredInputField(field)) look(given[key], field.type, `${place}.${key}`);
    }
    if (type.isOneOf && Object.values(given).filter((each) => each !== null).length !== 1) tell(`Variable "${place}" must have exactly one key.`);
  };
  return look;
}

/** @param {unknown} value @param {import('graphql').GraphQLLeafType} type */
function isTaken(value, type) {
  if (isInexact(value) || (typeof value === 'string' && !value.isWellFormed())) return false;
  try {
    return type.parseValue(value) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Whether a number is another one than the client has sent: JavaScript has no room for more digits, which an ID may have.
 * @param {unknown} value
 */
function isInexact(value) {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/**
 * @param {unknown} value
 * @param {import('graphql').GraphQLLeafType} type
 */
function advice(value, { name }) {
  if (name === 'ID' && isInexact(value)) return '; send it as a string';
  const wanted = takenBy(name);
  return wanted === undefined ? '' : `; it takes ${wanted}`;
}
