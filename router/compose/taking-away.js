import { Kind, parse, visit } from 'graphql';

/**
 * Whether something that could be asked for can't be any more: a field, an argument, or a value of an enum.
 * @param {string} before an SDL
 * @param {string} after
 */
export function takesAway(before, after) {
  const left = coordinates(after);
  return [...coordinates(before)].some((coordinate) => !left.has(coordinate));
}

/**
 * What can be asked for, in the notation of the specification's schema coordinates.
 * @param {string} sdl
 * @returns {Set<string>}
 */
function coordinates(sdl) {
  const found = /** @type {Set<string>} */ (new Set());
  visit(parse(sdl, { noLocation: true }), {
    enter(node, _key, _parent, _path, ancestors) {
      const names = ancestors.flatMap((each) => ('name' in each && each.name ? [each.name.value] : []));
      if (node.kind === Kind.FIELD_DEFINITION || node.kind === Kind.INPUT_VALUE_DEFINITION || node.kind === Kind.ENUM_VALUE_DEFINITION) {
        found.add([...names, node.name.value].join('.'));
      }
    },
  });
  return found;
}
