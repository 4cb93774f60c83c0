// A client that shares no code with the server: Node's own cryptography and the package ws. Usage: node sync-conversation.mjs <server, http://...>
import WebSocket from 'ws';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';

const address = process.argv[2].replace(/\/$/, '');
setTimeout(() => { console.error('took too long'); process.exit(2); }, 30000).unref();

const sha256 = (text) => crypto.createHash('sha256').update(text, 'utf8').digest();
const spki = (hex) => crypto.createPublicKey({ key: Buffer.from('302a300506032b6570032100' + hex, 'hex'), format: 'der', type: 'spki' });

// UUID version 7: the milliseconds come first.
function eventId() {
  const bytes = crypto.randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

class Identity {
  constructor() {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
    this.privateKey = privateKey;
    this.userId = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  }

  sign(message) { return crypto.sign(null, message, this.privateKey).toString('hex'); }
}

class Device {
  constructor(identity, deviceId = crypto.randomUUID()) {
    this.identity = identity;
    this.deviceId = deviceId;
    this.queue = [];
    this.waiting = [];
    this.socket = new WebSocket(address.replace(/^http/, 'ws') + '/ws');
    this.socket.on('message', (data, isBinary) => {
      assert.equal(isBinary, false);
      const message = JSON.parse(data.toString());
      const waiter = this.waiting.shift();
      if (waiter) waiter(message); else this.queue.push(message);
    });
    this.opened = new Promise((resolve, reject) => { this.socket.on('open', resolve); this.socket.on('error', reject); });
    this.closed = new Promise((resolve) => this.socket.on('close', (code, reason) => resolve([code, reason.toString()])));
  }

  send(type, payload) { this.socket.send(JSON.stringify({ type, payload })); }

  async expect(type) {
    const message = this.queue.shift() ?? await new Promise((resolve) => this.waiting.push(resolve));
    assert.equal(message.type, type, JSON.stringify(message));
    return message.payload;
  }

  // wrap: as the web client sends it, or with the fields beside the type.
  handshakeMessage(type, fields, wrap) { this.socket.send(JSON.stringify(wrap ? { type, payload: { type, ...fields } } : { type, ...fields })); }

  async hello(wrap = true) {
    await this.opened;
    this.ecdh = crypto.createECDH('prime256v1');
    this.nonce = crypto.randomBytes(32).toString('hex');
    this.handshakeMessage('client_hello', { client_ephemeral_pub: this.ecdh.generateKeys('hex', 'uncompressed'), nonce_c: this.nonce }, wrap);
    const hello = await this.expect('server_hello');
    assert.match(hello.server_ephemeral_pub, /^04[0-9a-f]{128}$/);
    assert.match(hello.nonce_s, /^[0-9a-f]{64}$/);
    assert.equal(this.ecdh.computeSecret(hello.server_ephemeral_pub, 'hex').length, 32);
    const signed = sha256(hello.server_identity_pub + hello.server_ephemeral_pub + this.nonce + hello.nonce_s);
    assert.ok(crypto.verify(null, signed, spki(hello.server_identity_pub), Buffer.from(hello.server_signature, 'hex')), 'server_signature');
    return hello;
  }

  auth(hello, { wrap = true, signer = this.identity, ...extra } = {}) {
    const signed = sha256(this.identity.userId + this.deviceId + this.nonce + hello.nonce_s + hello.server_ephemeral_pub);
    this.handshakeMessage('client_auth', {
      user_id: this.identity.userId, device_id: this.deviceId, client_signature: signer.sign(signed), nonce_c2: crypto.randomBytes(32).toString('hex'), ...extra,
    }, wrap);
  }

  async login(options = {}) {
    const hello = await this.hello(options.wrap);
    this.auth(hello, options);
    const session = await this.expect('session_established');
    assert.equal(session.device_id, this.deviceId);
    const lifetime = session.expires_at - Date.now();
    assert.ok(lifetime > 23 * 3600e3 && lifetime <= 24 * 3600e3, `expires_at: ${lifetime}`);
    this.lastAck = session.last_ack_device_seq;
    return hello.server_identity_pub;
  }

  event(deviceSeq, text) {
    const event = {
      event_id: eventId(), user_id: this.identity.userId, device_id: this.deviceId, device_seq: deviceSeq, stream_id: 'clipboard:main', stream_seq: 0,
      type: 'clipboard:text', encrypted_payload: Buffer.from(text).toString('base64'),
    };
    this.send('event', event);
    return event;
  }

  async confirmed(event) { assert.deepEqual(await this.expect('ack'), { device_seq: event.device_seq }); }

  async hear(event, streamSeq) {
    const { created_at: createdAt, ...received } = await this.expect('event');
    assert.ok(Math.abs(createdAt - Date.now()) < 60e3, `created_at: ${createdAt}`);
    assert.deepEqual(received, { ...event, stream_seq: streamSeq });
    assert.deepEqual(Object.keys(received), Object.keys(event));
    this.send('ack', { device_seq: received.device_seq });
  }

  async presence(other, isOnline) {
    const status = await this.expect('device_status_changed');
    assert.equal(status.type, 'device_status_changed');
    assert.deepEqual([status.user_id, status.device_id, status.is_online], [this.identity.userId, other.deviceId, isOnline]);
    return status;
  }

  close() { this.socket.close(1000); return this.closed; }
}

async function rest(identity, method, path, body) {
  const headers = { 'X-User-ID': identity.userId, ...(body && { 'Content-Type': 'application/json' }) };
  const response = await fetch(address + path, { method, headers, body: body && JSON.stringify(body) });
  return [response.status, await response.json()];
}

const alice = new Identity();
assert.equal((await rest(alice, 'GET', '/api/devices'))[0], 401);

// Two devices, each with one of the two forms of the handshake.
const laptop = new Device(alice);
const server = await laptop.login({ device_name: 'Desktop - 1/2/2026', device_type: 'desktop' });
const phone = new Device(alice);
assert.equal(await phone.login({ wrap: false }), server);
assert.deepEqual([laptop.lastAck, phone.lastAck], [0, 0]);
const came = await laptop.presence(phone, true);
assert.deepEqual([came.device_name, came.device_type], ['Unknown Device', 'web']);

// The web client's first number is 2.
const first = laptop.event(2, 'hello');
await laptop.confirmed(first);
await phone.hear(first, 1);
const answer = phone.event(2, 'hello, too');
await phone.confirmed(answer);
await laptop.hear(answer, 2);
phone.send('scratchpad_sync', { text: 'é\u0000😀' });
assert.deepEqual(await laptop.expect('scratchpad_sync'), { text: 'é\u0000😀' });
phone.send('ping');
assert.equal(typeof (await phone.expect('pong')).timestamp, 'number');

// REST knows both while they are there.
const [status, list] = await rest(alice, 'GET', '/api/devices');
assert.deepEqual([status, list.count, list.user_id], [200, 2, alice.userId]);
assert.deepEqual(list.devices.map((device) => device.is_online), [true, true]);
assert.equal(list.devices.find((device) => device.device_id === laptop.deviceId).device_name, 'Desktop - 1/2/2026');
assert.deepEqual(
  await rest(alice, 'POST', `/api/devices/${phone.deviceId}/rename`, { device_name: 'Phone' }),
  [200, { success: true, device_id: phone.deviceId, device_name: 'Phone' }]);
assert.equal((await rest(new Identity(), 'GET', '/api/devices'))[0], 401);

// What the phone misses is replayed in pages, with the token where the web client puts it.
assert.equal((await phone.close())[0], 1000);
await laptop.presence(phone, false);
const missed = [];
for (let i = 3; i < 253; i++) missed.push(laptop.event(i, `missed ${i}`));
for (const event of missed) await laptop.confirmed(event);
const again = new Device(alice, phone.deviceId);
await again.login();
assert.equal(again.lastAck, 2);
assert.equal((await laptop.presence(again, true)).device_name, 'Phone');
again.send('replay_request', { type: 'replay_request', last_ack_device_seq: 2, limit: 100 });
const replayed = [];
for (let page, pages = 1; ; pages++) {
  page = await again.expect('replay_response');
  assert.equal(page.type, 'replay_response');
  assert.equal(page.page_size, page.events.length);
  replayed.push(...page.events);
  for (const event of page.events) again.send('ack', { device_seq: event.device_seq });
  assert.equal('continuation_token' in page, page.has_more);
  if (!page.has_more) { assert.ok(pages >= 3); break; }
  again.send('replay_request', { type: 'replay_request', last_ack_device_seq: 2, limit: 100, continuation_token: page.continuation_token });
}

// What the phone confirmed right before it went may come again, in front of what it missed; nothing is left out and nothing comes twice.
const essence = ({ event_id, user_id, device_id, device_seq, type, encrypted_payload }) => [event_id, user_id, device_id, device_seq, type, encrypted_payload];
const all = [first, answer, ...missed];
assert.ok(replayed.length >= missed.length && replayed.length <= all.length, `${replayed.length} events`);
assert.deepEqual(replayed.map(essence), all.slice(-replayed.length).map(essence));
assert.deepEqual(replayed.map((event) => event.stream_seq), all.map((_, i) => i + 1).slice(-replayed.length));
again.send('replay_request', { type: 'replay_request', limit: 100 });
assert.deepEqual((await again.expect('replay_response')).events, []);

// The ways in which a socket ends.
const impostor = new Device(alice);
impostor.auth(await impostor.hello(), { signer: new Identity() });
assert.deepEqual(await impostor.closed, [1008, 'Invalid client signature']);
const thief = new Device(new Identity(), laptop.deviceId);
thief.auth(await thief.hello());
assert.deepEqual(await thief.closed, [1008, 'Device belongs to another user']);
const hasty = new Device(alice);
await hasty.opened;
hasty.send('ping');
assert.deepEqual(await hasty.closed, [1008, 'Invalid handshake step: expected client_hello, got client_hello']);
const tab = new Device(alice, phone.deviceId);
await tab.login();
assert.deepEqual(await again.closed, [1000, 'New connection established for this device']);
await laptop.presence(tab, true);
tab.send('event', null);
assert.deepEqual(await tab.closed, [1011, 'Invalid event structure']);
await laptop.presence(tab, false);
const removed = new Device(alice, phone.deviceId);
await removed.login();
await laptop.presence(removed, true);
assert.deepEqual(
  await rest(alice, 'DELETE', `/api/devices/${phone.deviceId}`), [200, { success: true, message: `Device ${phone.deviceId} has been removed` }]);
assert.equal((await removed.expect('device_revoked')).reason, 'Device has been removed by user');
assert.deepEqual(await removed.closed, [1000, 'Device revoked']);
await laptop.presence(removed, false);
const back = new Device(alice, phone.deviceId);
back.auth(await back.hello());
assert.deepEqual(await back.closed, [1008, 'Device has been revoked']);
assert.equal((await laptop.close())[0], 1000);
console.log('ok');
process.exit(0);
