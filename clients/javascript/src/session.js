import { Calls } from "./calls.js";
import { RefusedError } from "./errors.js";
import { isLost } from "./follower.js";
import { Link } from "./link.js";

/**
 * What a client keeps up over all its connections: the calls, and the place in the user's log. It follows the log before
 * any call goes out, so that no event of a call can come before someone listens.
 *
 * Who holds it is told of events (`event`), of events that will not come (`reset`), of the begin of each connection
 * (`welcome`), of states (`state`), that all data of the user is gone (`erased`) and of the end (`ended`).
 */
export class Session {
  #environment;
  #limits;
  #follower;
  #holder;
  #calls;
  #link;
  #welcome = null;
  #erased = false;
  #barriers = [];

  constructor({ environment, limits, addresses, tokens, follower }, holder) {
    this.#environment = environment;
    this.#limits = limits;
    this.#follower = follower;
    this.#holder = holder;
    this.#calls = new Calls(environment, limits);
    this.#link = new Link({ environment, limits, addresses, tokens }, {
      opened: (welcome) => this.#opened(welcome),
      message: (frame) => this.#message(frame),
      lost: (why, { erased }) => this.#lost(why, erased),
      changed: (state) => holder.state(state),
      ended: (why) => this.#ended(why),
    });
  }

  get state() {
    return this.#link.state;
  }

  get position() {
    return this.#follower.position;
  }

  get welcome() {
    return this.#welcome;
  }

  connect() {
    this.#link.connect();
  }

  end(why) {
    this.#link.end(why);
  }

  /** Makes a call; see {@link Calls#make}. */
  call(message) {
    return this.state.name === "closed" ? Promise.reject(this.state.error) : this.#calls.make(message);
  }

  /** Has something done when all events up to a position have been delivered. */
  reached(position, action) {
    const barrier = { position, action };
    if (this.#isReached(barrier)) {
      action();
    } else {
      this.#barriers.push(barrier);
    }
  }

  #isReached({ position }) {
    const ours = this.#follower.position;
    return ours !== null && ours.epoch === position.epoch && ours.sequence >= position.sequence;
  }

  #opened(welcome) {
    this.#welcome = welcome;
    if (this.#erased) {
      this.#reset("erased");
    } else {
      this.#subscribe();
    }
  }

  #control(message, answered) {
    const send = (whole) => this.#link.send(whole);
    this.#calls.control(send, message, answered, (error) => this.#refused(message, answered, error));
  }

  #subscribe() {
    const after = this.#follower.after(this.#welcome);
    this.#control({ type: "subscribe", after }, ({ from }) => {
      if (!this.#follower.begin(from)) {
        this.#link.broken("The server began another place of the log than it was asked for.");
        return;
      }
      this.#calls.open((whole) => this.#link.send(whole), this.#welcome.limits.messageBytes);
      this.#holder.welcome(this.#welcome);
    });
  }

  /** What following needs was refused: for good, for a moment, or so that another connection may do better. */
  #refused(message, answered, error) {
    const turn = this.#welcome;
    if (message.type === "subscribe" && isLost(error.code)) {
      this.#reset(error.code);
    } else if (error.code === "rate-limited") {
      this.#environment.setTimeout(() => {
        if (this.#welcome === turn && this.state.name === "open") {
          this.#control(message, answered);
        }
      }, error.retryAfterMillis ?? this.#limits.backoffFirst);
    } else {
      this.#link.broken(`The server refused to be followed: ${error.code}.`);
    }
  }

  /** Takes a snapshot and goes on from its position; everybody is told before the next event. */
  #reset(reason) {
    if (reason !== "position-trimmed") {
      this.#calls.otherLog();
    }
    this.#control({ type: "snapshot" }, ({ position, threads, runs }) => {
      this.#erased = false;
      this.#follower.moveTo(position);
      this.#barriers = [];
      this.#holder.reset({ reason, position, snapshot: { position, threads, runs } });
      if (this.state.name === "open") {
        this.#subscribe();
      }
    });
  }

  #message(frame) {
    switch (frame.type) {
      case "events":
        this.#events(frame);
        break;
      case "notice":
        this.#notice(frame);
        break;
      case "refused":
        if (frame.id === undefined) {
          this.#link.end(new RefusedError(frame));
          break;
        }
        this.#calls.reply(frame);
        break;
      case "accepted":
      case "result":
      case "pong":
        this.#calls.reply(frame);
        break;
      default: // A later server may say more.
    }
  }

  #events(frame) {
    const { fresh, whole } = this.#follower.take(frame);
    for (const item of fresh) {
      if (this.state.name !== "open") {
        return; // Somebody who heard of the event before closed the client.
      }
      this.#holder.event(item);
      this.#pass();
    }
    if (!whole && this.state.name === "open") {
      this.#link.broken("An event is missing.");
    }
  }

  #pass() {
    const passed = this.#barriers.filter((barrier) => this.#isReached(barrier));
    if (passed.length > 0) {
      this.#barriers = this.#barriers.filter((barrier) => !passed.includes(barrier));
      passed.forEach(({ action }) => action());
    }
  }

  /** Of the notices only one leaves the connection as it is; the others say why it is closed next. */
  #notice({ code, reason }) {
    if (code !== "subscription-ended") {
      return;
    }
    if (isLost(reason)) {
      this.#reset(reason);
    } else {
      this.#link.broken(`The server ended the subscription: ${reason}.`);
    }
  }

  #lost(why, erased) {
    if (erased) {
      this.#erased = true;
      this.#follower.forget();
      this.#barriers = [];
      this.#calls.end(why);
      this.#holder.erased(why);
    } else {
      this.#calls.lost();
    }
  }

  #ended(why) {
    this.#calls.end(why);
    this.#holder.ended(why);
  }
}
