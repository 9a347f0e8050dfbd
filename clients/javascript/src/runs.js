import { EventsLostError, LimitError } from "./errors.js";
import { ACCEPTED, FAIL, LOST, Run, SETTLE, TAKE } from "./run.js";

/** States of a run in which it has ended, as ends of it. */
const ENDS = {
  completed: () => ({ state: "completed" }),
  cancelled: () => ({ state: "cancelled" }),
  failed: (code) => ({ state: "failed", code, message: "" }),
  "timed-out": (code) => ({ state: "failed", code, message: "" }),
};

/** The runs that a client follows, each from when it is asked for until it ends. */
export class Runs {
  #client;
  #limits;
  #report;
  #runs = new Map();
  /** Those that the server has not accepted yet. */
  #begun = new Set();
  #reached;

  /**
   * @param {object} client
   * @param {object} parts `limits`, `report` for what listeners throw, and `reached`, which has something done when all
   *     events up to a position have been delivered
   */
  constructor(client, { limits, report, reached }) {
    this.#client = client;
    this.#limits = limits;
    this.#report = report;
    this.#reached = reached;
  }

  /** The run of this id, followed from now on if it was not. */
  follow(id) {
    let run = this.#runs.get(id);
    if (!run) {
      if (this.#runs.size >= this.#limits.runs) {
        throw new LimitError("runs", this.#limits.runs, `${this.#limits.runs} runs are followed already.`);
      }
      run = new Run(this.#client, id, this.#limits, this.#report);
      this.#runs.set(id, run);
    }
    return run;
  }

  /** The run of this id, which is going to be started. */
  begin(id) {
    const isNew = !this.#runs.has(id);
    const run = this.follow(id);
    if (isNew) {
      this.#begun.add(run);
    }
    return run;
  }

  /** The run was not started; one that is followed for another reason is none of this one's business. */
  refused(run, error) {
    if (this.#begun.delete(run)) {
      this.drop(run, error);
    }
  }

  /** The server has accepted the run. Where its events came before ours began, they will not come again. */
  accepted(run, receipt, position) {
    this.#begun.delete(run);
    run[ACCEPTED](receipt);
    const { epoch, sequence } = receipt.position;
    if (run.view.input === undefined && (position?.epoch !== epoch || position.sequence >= sequence)) {
      this.check(run);
    }
  }

  /** Follows the run no more. */
  drop(run, error) {
    this.#runs.delete(run.id);
    run[FAIL](error);
  }

  /** Hands an event to its run. */
  take(item) {
    const run = this.#runs.get(item.run);
    if (run?.[TAKE](item)) {
      this.#runs.delete(item.run);
    }
  }

  /** Events will not come. How each run ends is still told by an event, or known already. */
  lost(reset) {
    for (const run of [...this.#runs.values()]) {
      if (!this.#begun.has(run)) {
        run[LOST](new EventsLostError(reset));
        this.check(run);
      }
    }
  }

  /** Nothing more will be known of any run. */
  end(error) {
    [...this.#runs.values()].forEach((run) => this.drop(run, error));
  }

  /** Asks whether the run has ended; if the event that says so does not come, then this is how it ends. */
  check(run) {
    this.#ask(run).catch((error) => {
      // A client that ends tells its runs itself, with the reason.
      if (this.#runs.get(run.id) === run) {
        this.drop(run, error);
      }
    });
  }

  async #ask(run) {
    const { state, code, thread } = await run.read();
    run.thread ??= thread;
    const end = ENDS[state]?.(code);
    if (!end) {
      return;
    }
    // Its last event is not behind this position.
    const { position } = await this.#client.snapshot();
    this.#reached(position, () => {
      if (this.#runs.get(run.id) === run) {
        this.#runs.delete(run.id);
        run[SETTLE](end);
      }
    });
  }
}
