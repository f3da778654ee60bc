import { isNonNullType, Kind, valueFromAST } from 'graphql';

/**
 * The values of what was lifted, for the request's variables.
 * @param {readonly import('./plain.js').Lifted[]} lifted
 * @param {Record<string, unknown>} variables coerced
 * @returns {Record<string, unknown> | undefined} undefined where a variable in one of them is null and must not be
 */
export function liftedValues(lifted, variables) {
  const values = /** @type {Record<string, unknown>} */ ({});
  for (const { name, node, argument } of lifted) {
    const value = argumentValue(node, argument, variables);
    if (value !== undefined) values[name] = value;
    else if (!isAbsent(node, variables) || isNonNullType(argument.type)) return undefined;
  }
  return values;
}

/**
 * @param {import('graphql').ValueNode} node
 * @param {import('graphql').GraphQLArgument} argument
 * @param {Record<string, unknown>} variables coerced
 */
function argumentValue(node, argument, variables) {
  return isAbsent(node, variables) ? argument.defaultValue : valueFromAST(node, argument.type, variables);
}

/** @param {import('graphql').ValueNode} node @param {Record<string, unknown>} variables */
function isAbsent(node, variables) {
  return node.kind === Kind.VARIABLE && !Object.hasOwn(variables, node.name.value);
}

/**
 * An argument of a field that has no value, since a variable in it is null and must not be: the variable has a default, or its place.
 * @param {import('graphql').FieldNode} node
 * @param {import('graphql').GraphQLField<unknown, unknown>} definition
 * @param {Record<string, unknown>} variables coerced
 * @returns {string | undefined} its name
 */
export function argumentWithoutValue({ arguments: given = [] }, { args }, variables) {
  return given.find(({ name, value }) => {
    const argument = args.find((each) => each.name === name.value);
    return argument && isNullable(value, argument) && argumentValue(value, argument, variables) === undefined;
  })?.name.value;
}

/**
 * Whether a value may turn out to be none: whatever has no variable has been validated.
 * @param {import('graphql').ValueNode} value
 * @param {import('graphql').GraphQLArgument} argument
 */
function isNullable(value, argument) {
  return value.kind === Kind.OBJECT || value.kind === Kind.LIST || (value.kind === Kind.VARIABLE && isNonNullType(argument.type));
}
