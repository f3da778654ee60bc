import { getNamedType, getNullableType, isLeafType, isListType, valueFromASTUntyped } from 'graphql';

/**
 * How long a list may be, by the values of arguments: the largest of those given or that have a default; otherwise what is assumed.
 * @typedef {{ slicing: readonly { argument: string, fallback: unknown }[], assumed: number, sizedFields: readonly string[] | undefined }} SizeRule
 */

/**
 * What the SDL says of the cost of a field.
 * @typedef {{
 *   weight: number,
 *   argumentWeights: ReadonlyMap<string, number>,
 *   typeWeight: number,
 *   isList: boolean,
 *   sizeRule: SizeRule | undefined,
 * }} FieldRule
 */

/** How long a list is where nothing is said. */
export const UNKNOWN_SIZE = 10;

const rules = /** @type {WeakMap<object, FieldRule>} */ (new WeakMap());

/**
 * Reads `@cost` and `@listSize` of a field, once.
 * @param {import('graphql').GraphQLField<unknown, unknown>} field
 * @returns {FieldRule}
 */
export function ruleOf(field) {
  const known = rules.get(field);
  if (known) return known;
  const type = getNamedType(field.type);
  const rule = {
    weight: weightOf(field) ?? 0,
    argumentWeights: new Map(field.args.flatMap((argument) => {
      const weight = weightOf(argument);
      return weight === undefined ? [] : [[argument.name, weight]];
    })),
    typeWeight: weightOf(type) ?? (isLeafType(type) ? 0 : 1),
    isList: isListType(getNullableType(field.type)),
    sizeRule: sizeRuleOf(field),
  };
  rules.set(field, rule);
  return rule;
}

/** @param {import('graphql').GraphQLField<unknown, unknown>} field @returns {SizeRule | undefined} */
function sizeRuleOf(field) {
  const given = argumentsOf(field, 'listSize');
  if (!given) return undefined;
  const { slicingArguments = [], assumedSize, sizedFields } = given;
  const slicing = slicingArguments.map((/** @type {string} */ argument) => {
    return { argument, fallback: field.args.find(({ name }) => name === argument)?.defaultValue };
  });
  return { slicing, assumed: assumedSize ?? UNKNOWN_SIZE, sizedFields: sizedFields ?? undefined };
}

/** @param {{ astNode?: any }} definition @returns {number | undefined} */
function weightOf(definition) {
  return argumentsOf(definition, 'cost')?.['weight'];
}

/** @param {{ astNode?: any }} definition @param {string} name @returns {Record<string, any> | undefined} */
function argumentsOf({ astNode }, name) {
  const directive = astNode?.directives?.find((/** @type {import('graphql').DirectiveNode} */ each) => each.name.value === name);
  return directive && Object.fromEntries(directive.arguments.map((/** @type {any} */ each) => [each.name.value, valueFromASTUntyped(each.value)]));
}
