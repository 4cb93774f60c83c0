// Two JavaScript clients in one call: calls.mjs URL TRANSPORTS TOKEN TOKEN
import assert from "node:assert/strict";
import { io } from "socket.io-client";

const [url, list, ...tokens] = process.argv.slice(2);
const transports = list.split(",");
const patience = 15000;

const next = (socket, name) =>
  Promise.race([
    new Promise((resolve) => socket.once(name, resolve)),
    new Promise((_, reject) => setTimeout(() => reject(new Error(`waited for ${name}`)), patience).unref()),
  ]);

// As the product opens it, but for the transports.
const open = (token) =>
  io(`${url}/signaling`, {
    path: "/socket.io", transports, forceNew: true, reconnection: true, reconnectionDelay: 1000, reconnectionDelayMax: 5000, reconnectionAttempts: 5,
    auth: { token: `Bearer ${token}` },
  });

const [alice, bob] = tokens.map(open);
await Promise.all([next(alice, "connected"), next(bob, "connected")]);
const matched = [next(alice, "matched"), next(bob, "matched")];
alice.emit("join-queue", { region: "global", language: "en", gender: "", genderPreference: "any", interests: ["music"], queueType: "casual" });
await next(alice, "queue-joined");
bob.emit("join-queue", { region: "global", language: "en", gender: "", genderPreference: "any", interests: ["music"], queueType: "casual" });
await next(bob, "queue-joined");
const [a, b] = await Promise.all(matched);
const { sessionId } = a;
assert.equal(sessionId, b.sessionId);
assert.deepEqual(a.commonInterests, ["music"]);

const relay = async (from, to, event, name, data, peer) => {
  const arrived = next(to, name);
  from.emit(event, { sessionId, type: name, data });
  assert.deepEqual(await arrived, { sessionId, [name]: data, from: peer.peerId });
};
await relay(alice, bob, "send-offer", "offer", { type: "offer", sdp: "v=0" }, b);
await relay(bob, alice, "send-answer", "answer", { type: "answer", sdp: "v=0" }, a);
await relay(alice, bob, "send-candidate", "candidate", { candidate: "c", sdpMid: "0", sdpMLineIndex: 0, usernameFragment: null }, b);

const said = next(bob, "message");
alice.emit("send-message", { sessionId, message: "hello é😀", sender: "Alice", timestamp: 1 });
assert.deepEqual(await said, { sessionId, message: "hello é😀", sender: "Alice", timestamp: 1, from: b.peerId });
assert.equal(alice.io.engine.transport.name, transports.at(-1));

const left = next(alice, "peer-disconnected");
bob.disconnect();
assert.deepEqual(await left, { sessionId });
alice.disconnect();

const refused = io(`${url}/signaling`, { transports, forceNew: true, auth: { token: "Bearer wrong" } });
assert.equal(await next(refused, "disconnect"), "io server disconnect");
process.exit(0);
