import { ConnectionError } from "./errors.js";

/** What RFC 9110 allows in a subprotocol, and so in the token that travels as one. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The token of a client: kept until the server does not take it any more, then asked for again. */
export class Tokens {
  #token;
  #getToken;
  #asked = null;

  /** @param {{token?: string, getToken?: (why: {reason: string}) => string | Promise<string>}} options */
  constructor({ token, getToken }) {
    if ((token === undefined) === (getToken === undefined)) {
      throw new TypeError('Give either "token" or "getToken".');
    }
    if (getToken !== undefined && typeof getToken !== "function") {
      throw new TypeError('"getToken" must be a function.');
    }
    this.#getToken = getToken;
    this.#token = token === undefined ? undefined : checked(token);
  }

  /** Whether there is someone to ask for another one. */
  get renewable() {
    return this.#getToken !== undefined;
  }

  /** Does not use this one again. */
  forget() {
    if (this.renewable) {
      this.#token = undefined;
    }
  }

  /** Uses this one from now on. */
  keep(token) {
    this.#token = token;
  }

  /**
   * The token to connect with. Who asks at the same time waits for the same answer.
   *
   * @param {string} reason why one is needed, if none is kept: `connect`, `token-expired`, `token-revoked`,
   *     `unauthenticated` or `refresh`
   */
  async current(reason) {
    if (this.#token !== undefined) {
      return this.#token;
    }
    this.#asked ??= this.fresh(reason).finally(() => (this.#asked = null));
    this.#token = await this.#asked;
    return this.#token;
  }

  /** A new token, whatever is kept, and without keeping it. */
  async fresh(reason) {
    if (!this.renewable) {
      throw new ConnectionError("no-token", 'A new token is needed, and there is no "getToken" to ask for one.');
    }
    return checked(await this.#getToken({ reason }));
  }
}

/** The token, if it can be one. The browser's own error would quote it. */
export function checked(token) {
  if (typeof token !== "string" || !TOKEN.test(token)) {
    throw new TypeError("The token must be a string of the characters that a token has.");
  }
  return token;
}
