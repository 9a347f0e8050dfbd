/**
 * What to do when a connection has ended, by its close code; see "Closing" of the protocol.
 *
 * - `again`: connect again after a wait, and resume
 * - `new-token`: the same, with a new token and without a wait
 * - `erased`: all data of the user is gone, so forget positions and connect again
 * - `end`: connecting again would end the same way
 */
const ACTIONS = new Map([
  [1002, "end"],
  [1003, "end"],
  [1007, "end"],
  [1008, "end"],
  [1009, "end"],
  [4001, "new-token"],
  [4002, "erased"],
  [4003, "new-token"],
]);

/** Close codes whose errors have a code of their own. */
const CODES = new Map([
  [4001, "token-expired"],
  [4002, "erased"],
  [4003, "token-revoked"],
]);

/** What to do after this close code. */
export function actionAfter(closeCode) {
  return ACTIONS.get(closeCode) ?? "again";
}

/** The code of the error for a connection that ended with this close code. */
export function codeOfClose(closeCode) {
  return CODES.get(closeCode) ?? "connection-lost";
}

/**
 * What to do when the server did not let us in, as far as it can be found out.
 *
 * @param {number | undefined} status what an ordinary request with the same token is answered, if it is
 */
export function actionAfterRefusal(status) {
  if (status === 401) {
    return "new-token";
  }
  return status === 403 ? "end" : "again";
}
