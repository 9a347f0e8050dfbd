/** What a client takes from the world around it. Tests bring their own. */
export function environmentOf(given = {}) {
  const environment = {
    WebSocket: globalThis.WebSocket,
    fetch: (...parameters) => globalThis.fetch(...parameters),
    setTimeout: (action, millis) => globalThis.setTimeout(action, millis),
    clearTimeout: (timer) => globalThis.clearTimeout(timer),
    now: () => Date.now(),
    random: () => Math.random(),
    uuid,
    report,
    ...given,
  };
  if (typeof environment.WebSocket !== "function") {
    throw new TypeError('There is no WebSocket here (Node has it from 22 on); give one as "environment.WebSocket".');
  }
  return environment;
}

/** What a listener throws is an uncaught error like any other, only not in the middle of our work. */
function report(failure) {
  queueMicrotask(() => {
    throw failure;
  });
}

/** Pages that did not come over TLS have no randomUUID, but the randomness for one. */
function uuid() {
  const { crypto } = globalThis;
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * The addresses of a server.
 *
 * @param {string | URL} url such as `https://insula.example`, perhaps with a path before Insula's own
 */
export function addressesOf(url = globalThis.location?.origin) {
  let base;
  try {
    base = new URL(url);
  } catch {
    throw new TypeError('"url" must be the address of Insula, such as "http://127.0.0.1:8080".');
  }
  base.protocol = base.protocol.replace(/^ws/, "http");
  if (!/^https?:$/.test(base.protocol) || base.search || base.hash || base.username || base.password) {
    throw new TypeError('"url" must begin with http, https, ws or wss, and have no query, fragment or password.');
  }
  const path = base.pathname.replace(/\/(ws)?$/, "");
  return {
    socket: `${base.protocol.replace("http", "ws")}//${base.host}${path}/ws`,
    http: (name) => `${base.origin}${path}/${name}`,
  };
}
