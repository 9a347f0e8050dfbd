/**
 * Everything that is bounded in a client, with its default. Times are in milliseconds.
 *
 * - `callsWaiting`: calls without an answer; the next is rejected with a {@link LimitError}
 * - `callsAtOnce`: of these, on their way at the same time; the others wait for their turn
 * - `callRefusals`: how often a call is sent again that was refused for a moment; then it is rejected
 * - `queuedEvents`: events that wait for a reader of `events()`; then that reader fails with a {@link LimitError}
 * - `runEvents`: events of a run that its handle keeps for readers that begin late; then these fail so
 * - `readers`: readers of events at once, over all and for each run; then `events()` throws a {@link LimitError}
 * - `runs`: runs followed at once; the next is refused with a {@link LimitError}
 * - `attempts`: attempts to connect in a row without success; then the client ends
 * - `backoffFirst`, `backoffMost`: the longest wait before the first new attempt, which doubles each time, up to this
 * - `steady`: how long a connection must last to count as a success
 * - `connect`: from opening a socket to the server's first message; also for asking why it was refused
 * - `silence`: without a message of the server; then it is asked for a sign of life
 * - `answer`: for that sign; then the connection counts as lost
 */
export const LIMITS = Object.freeze({
  callsWaiting: 64,
  callsAtOnce: 16,
  callRefusals: 20,
  queuedEvents: 10_000,
  runEvents: 10_000,
  readers: 64,
  runs: 256,
  attempts: 1_000,
  backoffFirst: 500,
  backoffMost: 30_000,
  steady: 5_000,
  connect: 15_000,
  silence: 15_000,
  answer: 10_000,
});

const MOST = 2 ** 31 - 1; // What a timer takes.

/**
 * The limits with some of them changed.
 *
 * @param {Partial<typeof LIMITS>} changed
 * @returns {typeof LIMITS}
 * @throws {TypeError} for a limit that there is not, or that is no whole number from 1
 */
export function limitsWith(changed = {}) {
  for (const [name, value] of Object.entries(changed)) {
    if (!Object.hasOwn(LIMITS, name)) {
      throw new TypeError(`There is no limit "${name}"; there are: ${Object.keys(LIMITS).join(", ")}.`);
    }
    if (!Number.isInteger(value) || value < 1 || value > MOST) {
      throw new TypeError(`The limit "${name}" must be a whole number from 1 to ${MOST}.`);
    }
  }
  return Object.freeze({ ...LIMITS, ...changed });
}
