import { Emitter } from "./emitter.js";
import { addressesOf, environmentOf } from "./environment.js";
import { ConnectionError, EventsLostError, InsulaError, LimitError } from "./errors.js";
import { Follower } from "./follower.js";
import * as http from "./http.js";
import { limitsWith } from "./limits.js";
import { EventQueue } from "./queue.js";
import { Runs } from "./runs.js";
import { Session } from "./session.js";
import { checked, Tokens } from "./tokens.js";

/**
 * Connects to Insula. The client is there at once and connects by itself, again and again until it is closed; calls may
 * be made before it is connected.
 *
 * @param {object} options
 * @param {string | URL} [options.url] the address, such as `http://127.0.0.1:8080`; a page's own where it is left out
 * @param {string} [options.token] the user's token
 * @param {(why: {reason: string}) => string | Promise<string>} [options.getToken] gives a token, whenever one is needed
 * @param {"now" | "start" | {epoch: string, sequence: number}} [options.follow] where the events begin: with what
 *     happens from now on (the default), with the oldest kept, or behind a position
 * @param {object} [options.limits] some of {@link LIMITS}, changed
 * @param {object} [options.environment] what to use instead of what the platform has, such as `WebSocket`
 * @returns {InsulaClient}
 */
export function connect(options) {
  return new InsulaClient(options);
}

/** A user's connection to Insula that is made again whenever it is lost. Made by {@link connect}. */
export class InsulaClient {
  #environment;
  #limits;
  #addresses;
  #tokens;
  #session;
  #runs;
  #emitter;
  #readers = new Set();
  #ready;

  constructor({ url, token, getToken, follow, limits, environment } = {}) {
    this.#environment = environmentOf(environment);
    this.#limits = limitsWith(limits);
    this.#emitter = new Emitter(["state", "welcome", "event", "reset"], this.#environment.report);
    this.#addresses = addressesOf(url);
    this.#tokens = new Tokens({ token, getToken });
    const parts = { environment: this.#environment, limits: this.#limits, addresses: this.#addresses };
    this.#session = new Session({ ...parts, tokens: this.#tokens, follower: new Follower(follow) }, {
      event: (item) => this.#event(item),
      reset: (reset) => this.#reset(reset),
      welcome: (welcome) => this.#welcomed(welcome),
      state: (state) => this.#emitter.emit("state", state),
      erased: (why) => this.#runs.end(why),
      ended: (why) => this.#ended(why),
    });
    const reached = (position, action) => this.#session.reached(position, action);
    this.#runs = new Runs(this, { limits: this.#limits, report: this.#environment.report, reached });
    this.#ready = Promise.withResolvers?.() ?? withResolvers();
    this.#ready.promise.catch(() => {});
    this.#session.connect();
  }

  /** The server's first message, when the client is connected for the first time; rejected if it ends before. */
  get ready() {
    return this.#ready.promise;
  }

  /** The state of the connection: `name` is `connecting`, `open`, `waiting` or `closed`. */
  get state() {
    return this.#session.state;
  }

  /** The position of the last event: give it as `follow` to another client, and it goes on from there. */
  get position() {
    return this.#session.position;
  }

  /** What the server said last when a connection began: user, agents, limits; `null` before. */
  get welcome() {
    return this.#session.welcome;
  }

  /** Calls the listener for each `event`, `reset`, `state` or `welcome` from now on; returns what ends it. */
  on(name, listener) {
    return this.#emitter.on(name, listener);
  }

  /**
   * All events of the user from now on, none twice and none missing. Where events are lost for good, the reader fails
   * with an {@link EventsLostError}, which has a snapshot; a new reader goes on behind it.
   */
  events() {
    const { readers, queuedEvents } = this.#limits;
    if (this.#readers.size >= readers) {
      throw new LimitError("readers", readers, `${readers} read events already.`);
    }
    const queue = new EventQueue(queuedEvents, () => this.#readers.delete(queue));
    if (this.state.name === "closed") {
      queue.fail(this.state.error);
    } else {
      this.#readers.add(queue);
    }
    return queue;
  }

  /**
   * Starts a run, and returns it when its input is safe. Over lost connections it is asked for again with the same
   * request, and starts once. Ids of its own may be given; that of the run is else the request's.
   */
  async start({ request = this.#environment.uuid(), run = request, ...rest }) {
    const followed = this.#runs.begin(run);
    try {
      const receipt = await this.#session.call({ type: "run.start", request, run, ...rest });
      this.#runs.accepted(followed, receipt, this.position);
      return followed;
    } catch (error) {
      this.#runs.refused(followed, error);
      throw error;
    }
  }

  /** Follows a run that was started elsewhere, or before. Its events are those from now on, or from `follow` on. */
  run(id) {
    const followed = this.#runs.follow(id);
    this.#runs.check(followed);
    return followed;
  }

  /** Answers a question: an approval with a boolean, a choice or text with a string, files with `attachments`. */
  async answer({ request = this.#environment.uuid(), run, question, answer, attachments }) {
    const message = { type: "run.answer", request, run, question, answer, attachments };
    const { thread, position } = await this.#session.call(message);
    return { run, thread, position };
  }

  /** Stops a run, and returns it as it stands then. */
  async cancel(run) {
    return (await this.#session.call({ type: "run.cancel", run })).run;
  }

  /** A run as the server has it. */
  async readRun(run) {
    return (await this.#session.call({ type: "run.read", run })).run;
  }

  /** All runs of the user, read page by page as they are asked for. */
  runs(page) {
    return this.#pages({ type: "runs.list", ...page }, "runs");
  }

  /** All threads of the user, likewise. */
  threads(page) {
    return this.#pages({ type: "threads.list", ...page }, "threads");
  }

  /** All messages of a thread, likewise. */
  messages(thread, page) {
    return this.#pages({ type: "thread.read", thread, ...page }, "messages");
  }

  async *#pages(message, list) {
    let { after } = message;
    do {
      const page = await this.#session.call({ ...message, after });
      yield* page[list];
      after = page.next;
    } while (after !== undefined);
  }

  /** One page of runs: `{runs, next}`, and `next` is the `after` of the page behind it. */
  async runsPage({ after, size } = {}) {
    const { runs, next } = await this.#session.call({ type: "runs.list", after, size });
    return { runs, next };
  }

  /** One page of threads: `{threads, next}`. */
  async threadsPage({ after, size } = {}) {
    const { threads, next } = await this.#session.call({ type: "threads.list", after, size });
    return { threads, next };
  }

  /** One page of the messages of a thread: `{messages, next}`. */
  async messagesPage(thread, { after, size } = {}) {
    const { messages, next } = await this.#session.call({ type: "thread.read", thread, after, size });
    return { messages, next };
  }

  /** Gives a thread another title. */
  async renameThread(thread, title) {
    return (await this.#session.call({ type: "thread.rename", thread, title })).thread;
  }

  /** Deletes a thread, and returns its id. */
  async deleteThread(thread) {
    return (await this.#session.call({ type: "thread.delete", thread })).thread;
  }

  /** Begins a thread with copies of another one's messages, up to this one and with it. */
  async forkThread(thread, message, newThread) {
    return (await this.#session.call({ type: "thread.fork", thread, message, newThread })).thread;
  }

  /** Threads and runs under way, and the position at which this is so. */
  async snapshot() {
    const { position, threads, runs } = await this.#session.call({ type: "snapshot" });
    return { position, threads, runs };
  }

  /** Has the connection go on under a newer token, one of `getToken` if none is given; returns until when. */
  async refreshToken(token) {
    const next = token === undefined ? await this.#tokens.fresh("refresh") : checked(token);
    const { until } = await this.#session.call({ type: "token.refresh", token: next });
    this.#tokens.keep(next);
    return until;
  }

  /** Asks for a sign of life, and returns how long it took in milliseconds. */
  async ping() {
    const begin = this.#environment.now();
    await this.#session.call({ type: "ping" });
    return this.#environment.now() - begin;
  }

  /**
   * Uploads a file, whose id can then be given as an attachment.
   *
   * @param {Blob | ArrayBuffer | ArrayBufferView | string} content a `File` brings its own name and type
   * @param {{name?: string, mediaType?: string, signal?: AbortSignal}} [about]
   */
  async upload(content, about = {}) {
    const token = await this.#tokens.current("connect");
    try {
      return await http.upload(this.#environment, this.#addresses, token, content, about);
    } catch (error) {
      if (!(error instanceof InsulaError) || error.status !== 401 || !this.#tokens.renewable) {
        throw error;
      }
      this.#tokens.forget();
      const renewed = await this.#tokens.current("unauthenticated");
      return http.upload(this.#environment, this.#addresses, renewed, content, about);
    }
  }

  /** Connects now instead of after the wait, as when the network is back; one that is open proves that it still is. */
  connectNow() {
    this.#session.connect();
  }

  /** Ends the client for good. Runs go on without it. */
  close() {
    this.#session.end(new ConnectionError("closed", "The client was closed."));
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.close();
  }

  #event(item) {
    this.#runs.take(item);
    this.#readers.forEach((reader) => reader.push(item));
    this.#emitter.emit("event", item);
  }

  #reset(reset) {
    this.#runs.lost(reset);
    this.#readers.forEach((reader) => reader.fail(new EventsLostError(reset)));
    this.#emitter.emit("reset", reset);
  }

  #welcomed(welcome) {
    this.#ready.resolve(welcome);
    this.#emitter.emit("welcome", welcome);
  }

  #ended(why) {
    this.#runs.end(why);
    this.#readers.forEach((reader) => (why.code === "closed" ? reader.finish() : reader.fail(why)));
    this.#ready.reject(why);
  }
}

function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
