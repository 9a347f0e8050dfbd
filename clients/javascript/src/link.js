import { actionAfter, actionAfterRefusal, codeOfClose } from "./closing.js";
import { ConnectionError, InsulaError } from "./errors.js";
import { askWhy } from "./http.js";

const PROTOCOL = "insula.v1";
const NORMAL = 1000;
/** The id of our own pings, which no call has. */
const BEAT = "beat";

/**
 * The connection of a client, made again whenever it is lost. It is in one of four states:
 *
 * - `connecting`: until the server's first message
 * - `open`
 * - `waiting`: before the next attempt
 * - `closed`: for good
 *
 * Whoever holds it is told of each connection's begin (`opened`), messages (`message`) and end (`lost`, with what to do),
 * of each state (`changed`) and of the end for good (`ended`).
 */
export class Link {
  #environment;
  #limits;
  #addresses;
  #tokens;
  #holder;
  #socket = null;
  #state = { name: "waiting", attempt: 0, retryAt: 0 };
  #attempt = 0;
  #openedAt = null;
  #reason = "connect";
  #renewed = false;
  #timers = new Map();
  /** Changes with each connection, so that answers which come too late are known. */
  #turn = 0;

  constructor({ environment, limits, addresses, tokens }, holder) {
    this.#environment = environment;
    this.#limits = limits;
    this.#addresses = addresses;
    this.#tokens = tokens;
    this.#holder = holder;
  }

  get state() {
    return this.#state;
  }

  /** Connects, now rather than later. A connection that is open is asked for a sign of life. */
  connect() {
    if (this.#state.name === "waiting") {
      this.#connect();
    } else if (this.#state.name === "open" && !this.#timers.has("answer")) {
      this.#ask();
    }
  }

  #connect() {
    this.#clear("retry");
    const turn = ++this.#turn;
    this.#enter({ name: "connecting", attempt: this.#attempt });
    this.#tokens.current(this.#reason).then(
      (token) => this.#turn === turn && this.#open(token),
      (failure) => this.#turn === turn && this.#withoutToken(failure),
    );
  }

  /** Who gives tokens may be out of order for a while; one who gives what is no token stays so. */
  #withoutToken(failure) {
    if (failure instanceof TypeError || failure instanceof InsulaError) {
      this.end(failure);
    } else {
      this.#again(new ConnectionError("no-token", '"getToken" failed.'));
    }
  }

  #open(token) {
    const turn = this.#turn;
    const socket = this.#newSocket(token);
    if (!socket) {
      return;
    }
    this.#socket = socket;
    this.#openedAt = null;
    socket.onmessage = ({ data }) => this.#turn === turn && this.#hear(data);
    socket.onclose = ({ code, reason }) => this.#turn === turn && this.#closed(token, code, reason);
    socket.onerror = () => {}; // Says nothing, and is followed by the close.
    this.#after("connect", this.#limits.connect, () => {
      this.#leave();
      this.#again(new ConnectionError("no-answer", "The server did not answer in time."));
    });
  }

  /** A browser that refuses an address does so here, in words that quote the token. */
  #newSocket(token) {
    try {
      return new this.#environment.WebSocket(this.#addresses.socket, [PROTOCOL, `bearer.${token}`]);
    } catch {
      this.end(new ConnectionError("address", "No WebSocket may be opened to this address from here."));
      return null;
    }
  }

  #hear(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      this.broken("The server sent what is no JSON.");
      return;
    }
    this.#clear("answer");
    this.#after("silence", this.#limits.silence, () => this.#ask());
    if (this.#openedAt !== null) {
      this.#holder.message(frame);
    } else if (frame.type === "welcome") {
      this.#clear("connect");
      this.#openedAt = this.#environment.now();
      this.#reason = "connect";
      this.#enter({ name: "open" });
      this.#holder.opened(frame);
    } else {
      this.broken("The server did not begin with a welcome.");
    }
  }

  /** Asks for a sign of life. */
  #ask() {
    this.send({ type: "ping", id: BEAT });
    this.#after("answer", this.#limits.answer, () => {
      this.#leave();
      this.#again(new ConnectionError("no-answer", "The connection was silent for too long."));
    });
  }

  /** Sends a message over the connection that is open. */
  send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  /** The server said what it must not say: the connection is of no use any more, the next may be. */
  broken(message) {
    this.#leave();
    this.#again(new ConnectionError("protocol", message));
  }

  #closed(token, closeCode, closeReason) {
    const welcomed = this.#openedAt !== null;
    this.#leave();
    if (welcomed) {
      const close = { closeCode, closeReason };
      this.#act(actionAfter(closeCode), codeOfClose(closeCode), close);
      return;
    }
    const turn = this.#turn;
    askWhy(this.#environment, this.#addresses, token, this.#limits.connect).then((why) => {
      if (this.#turn === turn && this.#state.name === "connecting") {
        const code = why.status === 401 ? "unauthenticated" : why.code ?? "no-answer";
        this.#act(actionAfterRefusal(why.status), code, { closeCode, closeReason }, why.retryAfterMillis);
      }
    });
  }

  #act(action, code, close, retryAfterMillis = 0) {
    const why = new ConnectionError(code, `The connection ended: ${close.closeReason || code}.`, close);
    if (action === "end" || (action === "new-token" && !this.#tokens.renewable)) {
      this.end(why);
    } else if (action === "new-token") {
      this.#renew(code, why);
    } else {
      this.#again(why, { retryAfterMillis, erased: action === "erased" });
    }
  }

  /** Connects at once with another token; if that one is refused too, not any sooner than after other failures. */
  #renew(code, why) {
    this.#tokens.forget();
    this.#reason = code;
    if (this.#renewed && !this.#lasted()) {
      this.#again(why);
    } else {
      this.#renewed = true;
      this.#openedAt = null;
      this.#holder.lost(why, {});
      this.#connect();
    }
  }

  /** Connects again after a wait that doubles with each failure, and is never the same for two clients. */
  #again(why, { retryAfterMillis = 0, erased = false } = {}) {
    const now = this.#environment.now();
    if (this.#lasted()) {
      this.#attempt = 0;
    }
    this.#openedAt = null;
    this.#attempt++;
    if (this.#attempt > this.#limits.attempts) {
      this.end(new ConnectionError("attempts", `Gave up after ${this.#limits.attempts} attempts. ${why.message}`, why));
      return;
    }
    const most = Math.min(this.#limits.backoffMost, this.#limits.backoffFirst * 2 ** Math.min(30, this.#attempt - 1));
    const wait = Math.max(Math.ceil((most / 2) * (1 + this.#environment.random())), retryAfterMillis);
    this.#after("retry", wait, () => this.#connect());
    this.#enter({ name: "waiting", attempt: this.#attempt, retryAt: now + wait, error: why });
    this.#holder.lost(why, { erased });
  }

  /** Whether the last connection lasted: else two that end at once would follow each other without a rest. */
  #lasted() {
    return this.#openedAt !== null && this.#environment.now() - this.#openedAt >= this.#limits.steady;
  }

  /** Ends for good. */
  end(why) {
    if (this.#state.name === "closed") {
      return;
    }
    this.#leave();
    this.#clear("retry");
    this.#enter({ name: "closed", error: why });
    this.#holder.ended(why);
  }

  /** Has nothing more to do with the socket; the other side is told if it still listens. */
  #leave() {
    const socket = this.#socket;
    this.#socket = null;
    this.#turn++;
    ["connect", "silence", "answer"].forEach((name) => this.#clear(name));
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(NORMAL);
    }
  }

  #enter(state) {
    this.#state = Object.freeze(state);
    this.#holder.changed(this.#state);
  }

  #after(name, millis, action) {
    this.#clear(name);
    const timer = this.#environment.setTimeout(() => {
      this.#timers.delete(name);
      action();
    }, millis);
    this.#timers.set(name, timer);
  }

  #clear(name) {
    if (this.#timers.has(name)) {
      this.#environment.clearTimeout(this.#timers.get(name));
      this.#timers.delete(name);
    }
  }
}
