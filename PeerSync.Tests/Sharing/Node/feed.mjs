// Listens as the extension does: subscribe, an event, a cut, subscribed again without help, another event, quit.
import { createRequire } from "node:module";

const [, , library, url, control] = process.argv;
const require = createRequire(import.meta.url);
const Redis = require(library).default ?? require(library);
const channel = "osmynt-recent-snippets";

const deadline = setTimeout(() => fail("it took too long"), 25000);
const redis = new Redis(url, {
  retryStrategy: (attempt) => Math.min(attempt * 50, 2000),
  tls: url.startsWith("rediss:") ? { rejectUnauthorized: false } : undefined,
});
const waiting = [];
const messages = [];
redis.on("error", (error) => console.error(`error: ${error.message}`));
redis.on("message", (from, text) => {
  const waiter = waiting.shift();
  if (waiter) waiter(from, text);
  else messages.push([from, text]);
});

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

async function ask(action) {
  const answer = await fetch(`${control}/${action}`, { method: "POST" });
  if (!answer.ok) fail(`${action}: ${answer.status}`);
}

function next() {
  const message = messages.shift();
  return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push((from, text) => resolve([from, text])));
}

async function expectEvent(name) {
  const [from, text] = await next();
  const message = JSON.parse(text);
  if (from !== channel || message.event !== "keys:changed" || message.payload.userId !== name) fail(`unexpected: ${from} ${text}`);
}

if ((await redis.subscribe(channel)) !== 1) fail("not subscribed");
await ask("publish/first");
await expectEvent("first");

// The server cuts; the client must come back by itself and subscribe again.
const ready = new Promise((resolve) => redis.once("ready", resolve));
await ask("cut");
await ready;
await ask("subscribed");
await ask("publish/second");
await expectEvent("second");

let refused = false;
try {
  await redis.call("publish", channel, "x");
} catch {
  refused = true;
}

if (!refused) fail("publish was not refused");
if ((await redis.quit()) !== "OK") fail("quit was not answered");
clearTimeout(deadline);
console.log("done");
