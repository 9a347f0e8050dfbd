/** Refusals of a position that a snapshot helps against. */
const LOST = new Set(["epoch-unknown", "position-future", "position-trimmed"]);

/** Whether events behind a position will never come, for this reason. */
export function isLost(code) {
  return LOST.has(code);
}

/** Whether this is a position, as the server tells them. */
export function isPosition(value) {
  return typeof value?.epoch === "string" && Number.isSafeInteger(value.sequence) && value.sequence >= 0;
}

/** Where a client stands in the user's log. Lets each event through once, and notices when one is missing. */
export class Follower {
  #after;
  #position = null;

  /** @param {"now" | "start" | {epoch: string, sequence: number}} after */
  constructor(after = "now") {
    if (after !== "now" && after !== "start" && !isPosition(after)) {
      throw new TypeError('"follow" must be "now", "start" or a position {epoch, sequence}.');
    }
    this.#after = after;
  }

  /** The position of the last event that was let through, or where following began; `null` before that. */
  get position() {
    return this.#position;
  }

  /** The position to subscribe behind. From "now" means from the first welcome on, however often it takes. */
  after(welcome) {
    if (this.#after === "now") {
      this.#after = welcome.head;
    }
    return this.#position ?? this.#after;
  }

  /** The subscription begins here; returns whether that is where it was asked for. */
  begin(from) {
    const asked = this.#position ?? this.#after;
    if (!isPosition(from) || (asked !== "start" && !same(asked, from))) {
      return false;
    }
    this.#position = from;
    return true;
  }

  /** Goes on from another place. */
  moveTo(position) {
    this.#position = position;
  }

  /** Forgets everything: the log is gone. */
  forget() {
    this.#position = null;
    this.#after = "now";
  }

  /**
   * Looks through a message of events.
   *
   * @returns {{fresh: object[], whole: boolean}} those that were not seen before, up to a hole if there is one
   */
  take({ epoch, events }) {
    const fresh = [];
    if (!this.#position || epoch !== this.#position.epoch || !Array.isArray(events)) {
      return { fresh, whole: false };
    }
    for (const entry of events) {
      const { sequence } = this.#position;
      if (entry.sequence > sequence + 1 || !Number.isSafeInteger(entry.sequence)) {
        return { fresh, whole: false };
      }
      if (entry.sequence === sequence + 1) {
        this.#position = { epoch, sequence: entry.sequence };
        fresh.push({ epoch, ...entry });
      }
    }
    return { fresh, whole: true };
  }
}

function same(a, b) {
  return a.epoch === b.epoch && a.sequence === b.sequence;
}
