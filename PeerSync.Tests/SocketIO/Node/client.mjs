// The JavaScript client against the server: client.mjs URL TRANSPORTS conversation|restart
import assert from "node:assert/strict";
import { io } from "socket.io-client";

const [url, list, mode] = process.argv.slice(2);
const transports = list.split(",");
const patience = 15000;

const within = (promise, what) =>
  Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error(`waited for ${what}`)), patience).unref())]);

const next = (emitter, name) =>
  within(new Promise((resolve, reject) => {
    emitter.once(name, (...args) => resolve(args));
    if (name === "connect") {
      emitter.once("connect_error", reject);
    }
  }), name);

const open = (namespace, options = {}) =>
  io(url + namespace, { transports, forceNew: true, reconnection: false, auth: { token: "Bearer é" }, ...options });

const upgraded = async (socket) => {
  const wanted = transports.at(-1);
  if (socket.io.engine.transport.name !== wanted) {
    await next(socket.io.engine, "upgrade");
  }
  assert.equal(socket.io.engine.transport.name, wanted);
};

async function conversation() {
  const socket = open("/custom");
  const auth = next(socket, "auth");
  await next(socket, "connect");
  assert.deepEqual(await auth, [{ token: "Bearer é" }]);
  assert.equal(socket.id.length, 20);

  const back = next(socket, "message-back");
  socket.emit("message", 1, "é😀", { nested: [null, { deep: true }] });
  assert.deepEqual(await back, [1, "é😀", { nested: [null, { deep: true }] }]);
  assert.deepEqual(await within(new Promise((resolve) => socket.emit("message-with-ack", "x", 7, (...args) => resolve(args))), "ack"), ["x", 7]);

  const bytes = Buffer.from(Array.from({ length: 300 }, (_, i) => i % 256));
  const binary = next(socket, "message-back");
  socket.emit("message", { a: bytes, b: [Buffer.from([])] });
  const [{ a, b }] = await binary;
  assert.deepEqual(Buffer.from(a), bytes);
  assert.equal(Buffer.from(b[0]).length, 0);
  const [answer] = await within(new Promise((resolve) => socket.emit("message-with-ack", bytes, (...args) => resolve(args))), "binary ack");
  assert.deepEqual(Buffer.from(answer), bytes);

  // Order holds while the transports change.
  const received = [];
  const all = within(new Promise((resolve) => socket.on("message-back", (n) => {
    received.push(n);
    if (received.length === 500) {
      resolve();
    }
  })), "500 messages");
  for (let i = 0; i < 500; i++) {
    socket.emit("message", i);
    if (i % 50 === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await all;
  assert.deepEqual(received, Array.from({ length: 500 }, (_, i) => i));
  await upgraded(socket);

  const unknown = open("/nope");
  const [error] = await within(new Promise((resolve) => unknown.once("connect_error", (...args) => resolve(args))), "connect_error");
  assert.equal(error.message, "Invalid namespace");
  unknown.disconnect();

  // The same connection serves both namespaces, and ends with the last of them.
  const main = socket.io.socket("/");
  await next(main, "connect");
  socket.disconnect();
  assert.deepEqual(await within(new Promise((resolve) => main.emit("message-with-ack", 1, (...args) => resolve(args))), "ack"), [1]);
  const closed = next(main, "disconnect");
  main.disconnect();
  assert.deepEqual((await closed)[0], "io client disconnect");
}

async function restart() {
  const socket = open("/custom", { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 100 });
  await next(socket, "connect");
  await upgraded(socket);
  const disconnected = next(socket, "disconnect");
  socket.emit("ready");
  const [reason] = await disconnected;
  assert.match(reason, /^transport (close|error)$/);
  const welcome = next(socket, "welcome-back");
  await within(new Promise((resolve) => socket.once("connect", resolve)), "reconnect");
  await welcome;
  socket.disconnect();
}

await (mode === "restart" ? restart() : conversation());
process.exit(0);
