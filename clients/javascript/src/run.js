import { Emitter } from "./emitter.js";
import { LimitError } from "./errors.js";
import { EventQueue } from "./queue.js";
import { RunView } from "./view.js";

/** What only the client does with a run. */
export const TAKE = Symbol("take");
export const ACCEPTED = Symbol("accepted");
export const LOST = Symbol("lost");
export const SETTLE = Symbol("settle");
export const FAIL = Symbol("fail");

/** A run that is followed: what happens in it, how it ends, and what can be done about it. */
export class Run {
  #client;
  #limits;
  #emitter;
  #readers = new Set();
  #kept = [];
  #missing = null;
  #over = false;
  #failure = null;
  #resolve;
  #reject;

  constructor(client, id, limits, report) {
    this.#client = client;
    this.#limits = limits;
    this.#emitter = new Emitter(["event"], report);
    /** The id of the run. */
    this.id = id;
    /** The id of its thread, as soon as it is known. */
    this.thread = undefined;
    /** The position of its acceptance, if this client started it. */
    this.position = undefined;
    /** What can be seen of it, put together from the events so far. */
    this.view = new RunView();
    /**
     * How it ends: completed, failed or cancelled. Rejected only if that will never be known here: when the client ends,
     * or all data of the user has been erased.
     */
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Who does not ask how it ends need not handle that it is not known.
    this.done.catch(() => {});
  }

  /** Calls the listener for each event from now on, after it has come into the view; returns what ends it. */
  on(name, listener) {
    return this.#emitter.on(name, listener);
  }

  /**
   * The events of the run, from the first that this client saw to its end. Each reader gets them all.
   *
   * @throws {LimitError} when too many read, or so many events have been that the first are not kept
   */
  events() {
    if (this.#readers.size >= this.#limits.readers) {
      throw new LimitError("readers", this.#limits.readers, `${this.#limits.readers} read this run already.`);
    }
    const queue = new EventQueue(Math.max(this.#limits.queuedEvents, this.#limits.runEvents), () =>
      this.#readers.delete(queue),
    );
    this.#readers.add(queue);
    this.#kept.forEach((event) => queue.push(event));
    const failure = this.#missing ?? this.#failure;
    if (failure) {
      queue.fail(failure);
    } else if (this.#over) {
      queue.finish();
    }
    return queue;
  }

  /** What the run's own agent says, piece by piece. */
  async *text() {
    for await (const { event } of this.events()) {
      if (event.type === "TEXT_MESSAGE_CONTENT" && event.subagentRunId === undefined) {
        yield event.delta;
      }
    }
  }

  /** The questions that the run asks, as they come. */
  async *questions() {
    for await (const { event } of this.events()) {
      if (event.type === "CUSTOM" && event.name === "insula.question") {
        yield event.value;
      }
    }
  }

  /** Answers a question of the run; see `InsulaClient.answer`. */
  answer(question, answer, options) {
    return this.#client.answer({ ...options, run: this.id, question, answer });
  }

  /** Stops the run, and returns it as it stands then. */
  cancel() {
    return this.#client.cancel(this.id);
  }

  /** The run as the server has it. */
  read() {
    return this.#client.readRun(this.id);
  }

  /** @internal */
  [ACCEPTED]({ thread, position }) {
    this.thread = thread;
    this.position = position;
  }

  /** @internal Takes an event; returns whether it was the last. */
  [TAKE](item) {
    if (this.#over) {
      return false;
    }
    this.thread ??= item.thread;
    this.view.fold(item.event);
    this.#keep(item);
    this.#readers.forEach((reader) => reader.push(item));
    this.#emitter.emit("event", item);
    if (this.view.end) {
      this[SETTLE](this.view.end);
      return true;
    }
    return false;
  }

  #keep(item) {
    const { runEvents } = this.#limits;
    if (this.#kept.length < runEvents && !this.#missing) {
      this.#kept.push(item);
    } else {
      this.#kept = [];
      this.#missing ??= new LimitError("runEvents", runEvents, `Only ${runEvents} events are kept for late readers.`);
    }
  }

  /** @internal Some events will not come; how it ends will. */
  [LOST](error) {
    this.#missing = error;
    this.#kept = [];
    this.#readers.forEach((reader) => reader.fail(error));
  }

  /** @internal It has ended so. */
  [SETTLE](end) {
    if (this.#over) {
      return;
    }
    this.#over = true;
    this.view.end ??= end;
    this.view.state = end.state;
    this.#readers.forEach((reader) => reader.finish());
    this.#resolve(end);
  }

  /** @internal How it ends will not be known. */
  [FAIL](error) {
    if (this.#over) {
      return;
    }
    this.#over = true;
    this.#failure = error;
    this.#readers.forEach((reader) => reader.fail(error));
    this.#reject(error);
  }
}
