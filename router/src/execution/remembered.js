/**
 * A map of bounded size, whose oldest entries go first.
 * @template Value
 * @extends {Map<string, Value>}
 */
export class Remembered extends Map {
  /** @param {number} most */
  constructor(most) {
    super();
    this.most = most;
  }

  /** @param {string} key @param {Value} value @returns {this} */
  set(key, value) {
    if (this.size >= this.most && !this.has(key)) this.delete(/** @type {string} */ (this.keys().next().value));
    return super.set(key, value);
  }
}
