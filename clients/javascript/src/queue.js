import { LimitError } from "./errors.js";

/** What one reader has still to read: an async iterator that others fill. Reading does not lose a failure. */
export class EventQueue {
  #items = [];
  #first = 0;
  #readers = [];
  #end = null;
  #most;
  #left;

  /**
   * @param {number} most items that may wait
   * @param {() => void} [left] called once, when nothing more will be read
   */
  constructor(most, left = () => {}) {
    this.#most = most;
    this.#left = left;
  }

  /** Appends an item, or fails if too many wait. */
  push(item) {
    if (this.#end) {
      return;
    }
    const reader = this.#readers.shift();
    if (reader) {
      reader.resolve({ value: item, done: false });
    } else if (this.#items.length - this.#first >= this.#most) {
      this.fail(new LimitError("queuedEvents", this.#most, `More than ${this.#most} events wait to be read.`));
    } else {
      this.#items.push(item);
    }
  }

  /** Ends behind what waits. */
  finish() {
    this.#stop({});
  }

  /** Fails behind what waits. */
  fail(error) {
    this.#stop({ error });
  }

  #stop(end) {
    if (this.#end) {
      return;
    }
    this.#end = end;
    for (const reader of this.#readers.splice(0)) {
      this.#settle(reader);
    }
    this.#left();
  }

  /** A failure is told once; then there is nothing more. */
  #settle({ resolve, reject }) {
    const { error } = this.#end;
    this.#end = {};
    if (error) {
      reject(error);
    } else {
      resolve({ value: undefined, done: true });
    }
  }

  next() {
    return new Promise((resolve, reject) => {
      if (this.#first < this.#items.length) {
        resolve({ value: this.#take(), done: false });
      } else if (this.#end) {
        this.#settle({ resolve, reject });
      } else {
        this.#readers.push({ resolve, reject });
      }
    });
  }

  /** Takes the first item; what was read is let go now and then, not each time. */
  #take() {
    const item = this.#items[this.#first];
    this.#items[this.#first++] = undefined;
    if (this.#first * 2 > this.#items.length) {
      this.#items.splice(0, this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** The reader leaves. */
  async return(value) {
    this.#items = [];
    this.#first = 0;
    this.#stop({});
    return { value, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
