import { LimitError, RefusedError, UnknownOutcomeError } from "./errors.js";

/** Messages that do the same when they are sent again: by their request id, or because they change nothing more. */
const REPEATABLE = new Set([
  "run.start",
  "run.answer",
  "run.cancel",
  "run.read",
  "runs.list",
  "snapshot",
  "threads.list",
  "thread.read",
]);

/** Refusals that say nothing of what became of the same message before. */
const FOR_THE_MOMENT = new Set(["journal-unavailable", "going-away", "engine-closed", "platform-busy"]);

/** Calls that are taken one after another before another one may be on its way at the same time. */
const TRUST = 8;

/**
 * The calls of a client from being made to being answered, over any number of connections.
 *
 * A call waits until there is a connection, and for the calls before it if the server asks for patience. What was on
 * its way when a connection was lost goes out again over the next one, before all others, if it may be repeated.
 */
export class Calls {
  #environment;
  #limits;
  #waiting = [];
  #sent = new Map();
  #control = new Map();
  #ids = 0;
  #made = 0;
  #send = null;
  #mostBytes = Infinity;
  #atOnce;
  #takenInARow = 0;
  #pause = null;

  constructor(environment, limits) {
    this.#environment = environment;
    this.#limits = limits;
    this.#atOnce = limits.callsAtOnce;
  }

  /**
   * Makes a call.
   *
   * @param {{type: string}} message without an id
   * @returns {Promise<object>} the reply
   */
  make(message) {
    if (this.#waiting.length + this.#sent.size >= this.#limits.callsWaiting) {
      const most = this.#limits.callsWaiting;
      return Promise.reject(new LimitError("callsWaiting", most, `${most} calls wait for their answer already.`));
    }
    return new Promise((resolve, reject) => {
      const order = ++this.#made;
      this.#waiting.push({ message, order, resolve, reject, refusals: 0, doubtful: false });
      this.#flush();
    });
  }

  /** Sends a message at once over this connection, before calls may go; exactly one of the two functions is called. */
  control(send, message, answered, refused) {
    const id = String(++this.#ids);
    this.#control.set(id, { answered, refused });
    send({ ...message, id });
  }

  /** Calls of at most so many bytes may go out over this connection from now on. */
  open(send, mostBytes) {
    this.#send = send;
    this.#mostBytes = mostBytes;
    this.#atOnce = this.#limits.callsAtOnce;
    this.#flush();
  }

  #flush() {
    while (this.#send && !this.#pause && this.#waiting.length > 0 && this.#sent.size < this.#atOnce) {
      const call = this.#waiting.shift();
      const message = { ...call.message, id: String(++this.#ids) };
      if (isLarger(message, this.#mostBytes)) {
        const text = `The message is larger than the ${this.#mostBytes} bytes that the server takes.`;
        call.reject(new LimitError("messageBytes", this.#mostBytes, text));
      } else {
        this.#sent.set(message.id, call);
        this.#send(message);
      }
    }
  }

  /** Takes a reply. What nobody waits for any more is passed over. */
  reply(frame) {
    const control = this.#control.get(frame.id);
    if (control) {
      this.#control.delete(frame.id);
      if (frame.type === "refused") {
        control.refused(new RefusedError(frame));
      } else {
        control.answered(frame);
      }
      return;
    }
    const call = this.#sent.get(frame.id);
    if (!call) {
      return;
    }
    this.#sent.delete(frame.id);
    if (frame.type === "refused") {
      this.#refused(call, new RefusedError(frame));
    } else {
      this.#gainTrust();
      call.resolve(frame);
    }
    this.#flush();
  }

  /** More may be on their way at once when some in a row were taken: one more at a time would soon be refused again. */
  #gainTrust() {
    this.#takenInARow++;
    if (this.#takenInARow >= TRUST) {
      this.#takenInARow = 0;
      this.#atOnce = Math.min(this.#limits.callsAtOnce, this.#atOnce + 1);
    }
  }

  #refused(call, error) {
    const wait = error.code === "rate-limited" || (call.doubtful && FOR_THE_MOMENT.has(error.code));
    if (!wait) {
      call.reject(error);
    } else if (++call.refusals > this.#limits.callRefusals) {
      call.reject(call.doubtful ? unknown(call) : error);
    } else {
      this.#wait([call]);
      this.#rest(error.retryAfterMillis ?? this.#limits.backoffFirst);
    }
  }

  /** Waits, then sends one call at a time. */
  #rest(millis) {
    this.#atOnce = 1;
    this.#takenInARow = 0;
    this.#endPause();
    this.#pause = this.#environment.setTimeout(() => {
      this.#pause = null;
      this.#flush();
    }, millis);
  }

  #endPause() {
    if (this.#pause) {
      this.#environment.clearTimeout(this.#pause);
      this.#pause = null;
    }
  }

  /** The connection is gone: what may be repeated waits for the next one, before all others. */
  lost() {
    this.#send = null;
    this.#control.clear();
    this.#endPause();
    const again = [];
    for (const call of this.#sent.values()) {
      if (REPEATABLE.has(call.message.type)) {
        call.doubtful = true;
        again.push(call);
      } else {
        call.reject(unknown(call));
      }
    }
    this.#sent.clear();
    this.#wait(again);
  }

  /** Has these wait, each at its place in the order in which all were made. */
  #wait(calls) {
    this.#waiting.push(...calls);
    this.#waiting.sort((a, b) => a.order - b.order);
  }

  /** The log is another one, which knows nothing of requests made before: what may have been done is not sent again. */
  otherLog() {
    const waiting = this.#waiting.splice(0);
    for (const call of waiting) {
      if (call.doubtful) {
        call.reject(unknown(call));
      } else {
        this.#waiting.push(call);
      }
    }
  }

  /** Nothing is sent any more: all calls are rejected, those on their way as not known. */
  end(error) {
    this.lost();
    for (const call of this.#waiting.splice(0)) {
      call.reject(call.doubtful ? unknown(call) : error);
    }
  }
}

function isLarger(message, mostBytes) {
  const text = JSON.stringify(message);
  // No character has more than three bytes for each of its units.
  return text.length * 3 > mostBytes && new TextEncoder().encode(text).length > mostBytes;
}

function unknown(call) {
  return new UnknownOutcomeError(call.message.type, call.message.request);
}
