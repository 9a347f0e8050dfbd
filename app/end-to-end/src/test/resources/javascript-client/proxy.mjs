// A way to the server that can be cut, in the middle of whatever is under way.
import { connect, createServer } from "node:net";

/**
 * Opens the way.
 *
 * @param {string} address of the server
 * @returns what cuts it: `cut()` at once, `cutBefore(text)` when the server is about to say this, once
 */
export async function openProxy(address) {
  const { hostname, port, host } = new URL(address);
  const ways = new Set();
  const proxy = { cuts: 0, connections: 0, awaited: null };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const cut = () => {
      proxy.cuts += ways.delete(cut) ? 1 : 0;
      near.destroy();
      far.destroy();
    };
    const end = () => {
      ways.delete(cut);
      near.destroy();
      far.destroy();
    };
    near.once("data", (data) => {
      const head = data.toString("latin1");
      // Ordinary requests are let through, and not counted.
      if (/^upgrade: websocket/im.test(head)) {
        ways.add(cut);
        proxy.connections++;
      }
      // The server wants to be called by its own name.
      far.write(Buffer.from(head.replace(/^host: .*$/im, `Host: ${host}`), "latin1"));
      near.on("data", (more) => far.write(more));
    });
    far.on("data", (data) => {
      if (proxy.awaited && data.includes(proxy.awaited)) {
        proxy.awaited = null;
        cut();
      } else {
        near.write(data);
      }
    });
    [near, far].forEach((socket) => socket.on("error", end).on("close", end));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy.url = `http://127.0.0.1:${server.address().port}`;
  proxy.cut = () => [...ways].forEach((cut) => cut());
  proxy.cutBefore = (text) => (proxy.awaited = text);
  proxy.close = () => {
    server.close();
    proxy.cut();
  };
  return proxy;
}
