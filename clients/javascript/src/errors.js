/** What goes wrong with a client. Each kind is a class of its own, and each has a `code`. No message holds a token. */
export class InsulaError extends Error {
  /**
   * @param {string} code stable, for programs
   * @param {string} message for people
   */
  constructor(code, message) {
    super(message);
    this.name = new.target.name;
    /** Stable, for programs. */
    this.code = code;
  }
}

/** The server refused what was asked, and did nothing of it. */
export class RefusedError extends InsulaError {
  /** @param {{code: string, number: number, message: string, retryAfterMillis?: number, resumeFrom?: object}} refusal */
  constructor(refusal) {
    super(refusal.code, refusal.message);
    /** The number of the code, as in the table of errors. */
    this.number = refusal.number;
    /** How long to wait before asking again. */
    this.retryAfterMillis = refusal.retryAfterMillis;
    /** The position to go on from, if a position was refused. */
    this.resumeFrom = refusal.resumeFrom;
    /** The status, if it was refused over HTTP. */
    this.status = refusal.status;
  }
}

/** The connection was lost between a call and its answer; whether it was done is not known, and it was not sent again. */
export class UnknownOutcomeError extends InsulaError {
  /**
   * @param {string} call the type of the message
   * @param {string} [request] its request id, to ask again with
   */
  constructor(call, request) {
    super("outcome-unknown", `The connection was lost before "${call}" was answered: it may have been done or not.`);
    this.call = call;
    this.request = request;
  }
}

/** The client has ended, or could not begin; it does nothing more. */
export class ConnectionError extends InsulaError {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{closeCode?: number, closeReason?: string}} [close] what the server said last
   */
  constructor(code, message, { closeCode, closeReason } = {}) {
    super(code, message);
    this.closeCode = closeCode;
    this.closeReason = closeReason;
  }
}

/** Events between two positions will never come; the snapshot says how things stand, and events go on behind it. */
export class EventsLostError extends InsulaError {
  /** @param {{reason: string, position: object, snapshot: object}} reset */
  constructor(reset) {
    super("events-lost", `Events will not come (${reset.reason}); go on from the snapshot.`);
    this.reason = reset.reason;
    this.position = reset.position;
    this.snapshot = reset.snapshot;
  }
}

/** Something would go beyond a limit of the client, or of the server as it told us. */
export class LimitError extends InsulaError {
  /**
   * @param {string} limit its name
   * @param {number} value how much it allows
   * @param {string} message
   */
  constructor(limit, value, message) {
    super("limit", message);
    this.limit = limit;
    this.value = value;
  }
}
