import { ConnectionError, RefusedError } from "./errors.js";

/** Makes an error of a response that tells of a problem. */
async function refusal(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // What stands between us and Insula answers in its own words; the status says enough.
  }
  const seconds = Number(response.headers.get("Retry-After"));
  return new RefusedError({
    code: typeof problem.code === "string" ? problem.code : "http-" + response.status,
    number: problem.number,
    message: typeof problem.detail === "string" ? problem.detail : `The server answered ${response.status}.`,
    retryAfterMillis: seconds > 0 ? seconds * 1_000 : undefined,
    resumeFrom: problem.resumeFrom,
    status: response.status,
  });
}

/**
 * Asks with an ordinary request why the server does not let us in, as a WebSocket does not tell.
 *
 * @returns {Promise<{status?: number, retryAfterMillis?: number, code?: string}>} nothing, if it does not answer either
 */
export async function askWhy(environment, addresses, token, millis) {
  const abort = new AbortController();
  const timer = environment.setTimeout(() => abort.abort(), millis);
  try {
    const response = await environment.fetch(addresses.http("agents"), {
      headers: { Authorization: `Bearer ${token}` },
      signal: abort.signal,
    });
    if (response.ok) {
      await response.body?.cancel();
      return { status: response.status };
    }
    const { status, retryAfterMillis, code } = await refusal(response);
    return { status, retryAfterMillis, code };
  } catch {
    // No answer is an answer here: the network or the server is down.
    return {};
  } finally {
    environment.clearTimeout(timer);
  }
}

/** Uploads a file; see `InsulaClient.upload`. */
export async function upload(environment, addresses, token, content, { name, mediaType, signal }) {
  const fileName = name ?? content.name;
  if (typeof fileName !== "string") {
    throw new TypeError('An upload needs a "name".');
  }
  let response;
  try {
    response = await environment.fetch(addresses.http("attachments"), {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": mediaType || content.type || "application/octet-stream",
        "X-Insula-Name": encodeURIComponent(fileName),
      },
      body: content,
      signal,
    });
  } catch (failure) {
    if (signal?.aborted) {
      throw signal.reason;
    }
    throw new ConnectionError("no-answer", "The server did not answer the upload; it may have been kept or not.");
  }
  if (!response.ok) {
    throw await refusal(response);
  }
  return response.json();
}
