/** Listeners by name. A listener that throws harms nobody else. */
export class Emitter {
  #listeners = new Map();
  #report;

  /**
   * @param {string[]} names what can be listened to
   * @param {(failure: unknown) => void} report hears what listeners throw
   */
  constructor(names, report) {
    this.#report = report;
    names.forEach((name) => this.#listeners.set(name, new Set()));
  }

  /**
   * @param {string} name
   * @param {(value: any) => void} listener
   * @returns {() => void} ends it
   */
  on(name, listener) {
    const listeners = this.#listeners.get(name);
    if (!listeners) {
      throw new TypeError(`There is nothing called "${name}" to listen to: ${[...this.#listeners.keys()].join(", ")}.`);
    }
    // Wrapped, so that the same function can be there twice.
    const entry = { listener };
    listeners.add(entry);
    return () => listeners.delete(entry);
  }

  emit(name, value) {
    for (const { listener } of [...this.#listeners.get(name)]) {
      try {
        listener(value);
      } catch (failure) {
        this.#report(failure);
      }
    }
  }
}
