import { connect } from "../src/index.js";

/** Lets everything happen that waits for nothing but its turn. */
export async function settle() {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A clock whose time passes when the test says so. */
export class Clock {
  #now = 1_000;
  #timers = new Map();
  #ids = 0;

  get now() {
    return this.#now;
  }

  setTimeout(action, millis) {
    this.#timers.set(++this.#ids, { at: this.#now + millis, action });
    return this.#ids;
  }

  clearTimeout(id) {
    this.#timers.delete(id);
  }

  get waiting() {
    return this.#timers.size;
  }

  /** Lets time pass; what is due happens in order, each with all that follows from it. */
  async pass(millis) {
    const until = this.#now + millis;
    await settle();
    for (let next = this.#next(until); next; next = this.#next(until)) {
      const [id, { at, action }] = next;
      this.#timers.delete(id);
      this.#now = at;
      action();
      await settle();
    }
    this.#now = until;
  }

  #next(until) {
    const due = [...this.#timers].filter(([, { at }]) => at <= until);
    return due.sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
  }
}

/** One socket, seen from the server. */
class FakeSocket {
  sent = [];
  isOpen = true;

  constructor(server, url, protocols) {
    this.server = server;
    this.url = url;
    this.protocols = protocols;
    this.token = protocols[1]?.replace(/^bearer\./, "");
    server.sockets.push(this);
    queueMicrotask(() => server.accept(this));
  }

  send(text) {
    const message = JSON.parse(text);
    this.sent.push(message);
    if (this.isOpen) {
      queueMicrotask(() => this.isOpen && this.server.receive(this, message));
    }
  }

  close() {
    this.isOpen = false;
  }

  say(frame) {
    if (this.isOpen) {
      this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
    }
  }

  /** Ends it as the other side does. */
  end(code = 1006, reason = "") {
    if (this.isOpen) {
      this.isOpen = false;
      this.onclose?.({ code, reason });
    }
  }
}

/** An Insula of one user, in memory; the test may take any message of a client from it with `intercept`. */
export class FakeInsula {
  clock = new Clock();
  sockets = [];
  requests = [];
  epoch = "e1";
  log = [];
  firstKept = 1;
  receipts = new Map();
  runs = new Map();
  tokens = new Set(["token"]);
  up = true;
  uuids = 0;
  random = 0;
  /** Returns true for what it has dealt with. */
  intercept = () => false;
  answerHttp = () => null;
  limits = { messageBytes: 512 << 10 };

  connect(options = {}) {
    const server = this;
    const environment = {
      WebSocket: class {
        constructor(url, protocols) {
          return new FakeSocket(server, url, protocols);
        }
      },
      fetch: (url, request) => this.#fetch(url, request),
      setTimeout: (action, millis) => this.clock.setTimeout(action, millis),
      clearTimeout: (timer) => this.clock.clearTimeout(timer),
      now: () => this.clock.now,
      random: () => this.random,
      uuid: () => `00000000-0000-4000-8000-${String(++this.uuids).padStart(12, "0")}`,
      ...options.environment,
    };
    const token = options.getToken ? {} : { token: "token" };
    return connect({ url: "http://insula.test", ...token, ...options, environment });
  }

  get socket() {
    return this.sockets.at(-1);
  }

  get head() {
    return { epoch: this.epoch, sequence: this.log.length };
  }

  async #fetch(url, request) {
    this.requests.push({ url, ...request });
    const given = this.answerHttp(url, request);
    if (given) {
      return given;
    }
    if (!this.up) {
      throw new TypeError("fetch failed");
    }
    const known = this.tokens.has(request.headers.Authorization.replace("Bearer ", ""));
    return known ? Response.json({}) : Response.json({ code: "unauthenticated", number: 1019 }, { status: 401 });
  }

  accept(socket) {
    if (!this.up || !this.tokens.has(socket.token)) {
      socket.end();
      return;
    }
    socket.say({
      type: "welcome",
      user: { issuer: "insula", subject: "ada" },
      connection: "c",
      head: this.head,
      agents: [],
      limits: this.limits,
    });
  }

  receive(socket, message) {
    if (this.intercept(message, socket)) {
      return;
    }
    const { id } = message;
    switch (message.type) {
      case "subscribe":
        this.#subscribe(socket, message);
        break;
      case "snapshot": {
        const runs = [...this.runs].filter(([, state]) => state === "running").map(([run, state]) => ({ run, state }));
        socket.say({ type: "result", id, position: this.head, threads: [], runs });
        break;
      }
      case "run.start":
        this.start(message);
        socket.say({ type: "accepted", id, ...this.receipts.get(message.request) });
        break;
      case "run.read":
        if (this.runs.has(message.run)) {
          socket.say({ type: "result", id, run: { run: message.run, thread: "t", state: this.runs.get(message.run) } });
        } else {
          this.refuse(socket, message, { code: "run-unknown", number: 1009 });
        }
        break;
      case "ping":
        socket.say({ type: "pong", id });
        break;
      default:
        socket.say({ type: "result", id });
    }
  }

  #subscribe(socket, { id, after }) {
    const start = { epoch: this.epoch, sequence: this.firstKept - 1 };
    const from = after === "start" ? start : after;
    const refusal =
      (from.epoch !== this.epoch && "epoch-unknown") ||
      (from.sequence > this.log.length && "position-future") ||
      (from.sequence < start.sequence && "position-trimmed");
    if (refusal) {
      this.refuse(socket, { id }, { code: refusal, number: 1014, resumeFrom: this.head });
      return;
    }
    socket.say({ type: "result", id, from });
    socket.following = true;
    this.tell(socket, this.log.slice(from.sequence));
  }

  refuse(socket, { id }, refusal) {
    socket.say({ type: "refused", id, message: refusal.code, ...refusal });
  }

  tell(socket, events) {
    if (socket?.isOpen && socket.following && events.length > 0) {
      socket.say({ type: "events", epoch: this.epoch, events });
    }
  }

  /** Accepts a run once for each request. */
  start({ request, run, thread = "t", agent, input }) {
    if (!this.receipts.has(request)) {
      this.runs.set(run, "running");
      const value = { agent, input, attachments: [], messageId: `input-${run}` };
      this.publish(run, { type: "CUSTOM", name: "insula.run.accepted", value });
      this.receipts.set(request, { run, thread, position: this.head });
    }
  }

  publish(run, ...events) {
    const made = events.map((event) => {
      this.log.push({ sequence: this.log.length + 1, thread: "t", run, event });
      return this.log.at(-1);
    });
    this.tell(this.socket, made);
  }

  say(run, text) {
    this.publish(run, { type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta: text });
  }

  finish(run, result = null) {
    this.runs.set(run, "completed");
    this.publish(run, { type: "RUN_FINISHED", outcome: { type: "success" }, result });
  }

  /** Begins another log, as an erase or a restore does. */
  newLog(epoch) {
    this.epoch = epoch;
    this.log = [];
    this.receipts.clear();
    this.runs.clear();
  }

  /** The messages of a type that came, over all connections. */
  received(type) {
    return this.sockets.flatMap(({ sent }) => sent).filter((message) => message.type === type);
  }
}

/** Collects what a reader reads, and how it ends. */
export function collect(reader) {
  const collected = { items: [], error: null, over: false };
  collected.done = (async () => {
    try {
      for await (const item of reader) {
        collected.items.push(item);
      }
    } catch (error) {
      collected.error = error;
    }
    collected.over = true;
  })();
  return collected;
}

/** How a promise stands: its value, its error, or neither. */
export async function outcome(promise) {
  const found = {};
  promise.then(
    (value) => (found.value = value),
    (error) => (found.error = error),
  );
  await settle();
  return found;
}
