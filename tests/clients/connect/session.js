/** Somebody's tokens: an access token for ten minutes, a refresh token that can be used once. */
export class Session {
  /**
   * @param {string} url
   * @param {{ accessToken: string, refreshToken: string } | null} tokens
   */
  constructor(url, tokens = null) {
    this.url = url;
    this.tokens = tokens;
    this.renewal = /** @type {Promise<void> | undefined} */ (undefined);
  }

  /** @returns {Record<string, string>} */
  get headers() {
    return this.tokens ? { authorization: `Bearer ${this.tokens.accessToken}` } : {};
  }

  /** Once for all who ask meanwhile; another tab that does so within 30 seconds gets the same refresh token. */
  renew() {
    this.renewal ??= this.#renew().finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  /** Asks without the old access token, which would be rejected here as everywhere. */
  async #renew() {
    const query = 'mutation ($input: TokenRefreshInput!) { tokenRefresh(input: $input) { tokens { accessToken refreshToken } } }';
    const variables = { input: { refreshToken: this.tokens?.refreshToken ?? '' } };
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    this.tokens = (await response.json()).data.tokenRefresh.tokens;
  }
}
