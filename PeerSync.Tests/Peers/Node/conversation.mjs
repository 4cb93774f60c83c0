// A client that shares no code with the server: Node's ws. Usage: node conversation.mjs <socket address> <token of alice> <token of bob>
import WebSocket from 'ws';
import assert from 'node:assert/strict';

const [address, aliceToken, bobToken] = process.argv.slice(2);
setTimeout(() => { console.error('took too long'); process.exit(2); }, 20000).unref();

class Client {
  constructor() {
    this.queue = [];
    this.waiting = [];
    this.socket = new WebSocket(address);
    this.socket.on('message', (data, isBinary) => {
      assert.equal(isBinary, false);
      const message = JSON.parse(data.toString());
      const waiter = this.waiting.shift();
      if (waiter) waiter(message); else this.queue.push(message);
    });
    this.opened = new Promise((resolve, reject) => { this.socket.on('open', resolve); this.socket.on('error', reject); });
    this.closed = new Promise((resolve) => this.socket.on('close', (code, reason) => resolve([code, reason.toString()])));
  }

  send(event, data) { this.socket.send(JSON.stringify({ event, data })); }

  async expect(event) {
    const message = this.queue.shift() ?? await new Promise((resolve) => this.waiting.push(resolve));
    assert.equal(message.event, event, JSON.stringify(message));
    return message.data;
  }

  async login(token) {
    await this.opened;
    this.send('AUTH', { token });
    const { userId } = await this.expect('AUTH_SUCCESS');
    this.send('PEER_REGISTER', { displayName: userId, ide: 'vscode', role: 'guest' });
    assert.equal((await this.expect('PEER_REGISTERED')).status, 'online');
    return userId;
  }
}

const alice = new Client();
const bob = new Client();
await alice.login(aliceToken);
const bobId = await bob.login(bobToken);
alice.send('DISCOVER_PEERS', {});
assert.deepEqual(await alice.expect('PEERS_LIST'), { peers: [] });
alice.send('CONNECTION_REQUEST', { targetId: bobId });
const { requestId } = await bob.expect('CONNECTION_REQUEST_RECEIVED');
bob.send('CONNECTION_RESPONSE', { requestId, accepted: true });
const { sessionId } = await alice.expect('CONNECTION_ACCEPTED');
assert.equal((await bob.expect('SESSION_CREATED')).sessionId, sessionId);
for (let i = 0; i < 50; i++) alice.send('SEND_MESSAGE', { sessionId, content: { i, text: 'é\u0000😀' }, type: 'text', messageId: `m${i}` });
for (let i = 0; i < 50; i++) {
  const message = await bob.expect('MESSAGE_RECEIVED');
  assert.deepEqual(message.content, { i, text: 'é\u0000😀' });
  assert.equal(message.messageId, `m${i}`);
}
await new Promise((resolve) => { alice.socket.once('pong', resolve); alice.socket.ping('still there?'); });
const large = 'x'.repeat(1024 * 1024);
bob.send('SEND_MESSAGE', { sessionId, content: large });
assert.equal((await alice.expect('MESSAGE_RECEIVED')).content, large);
bob.send('PING');
assert.equal(typeof (await bob.expect('PONG')).timestamp, 'number');
alice.send('SESSION_END', { sessionId });
assert.equal((await alice.expect('SESSION_ENDED')).reason, 'ended');
assert.equal((await bob.expect('SESSION_ENDED')).reason, 'ended');
const again = new Client();
await again.login(aliceToken);
assert.equal((await alice.expect('ERROR')).code, 'ERR_2005');
assert.deepEqual(await alice.closed, [4002, 'Superseded by new connection']);
bob.socket.close(1000);
assert.equal((await bob.closed)[0], 1000);
again.socket.terminate();
console.log('ok');
process.exit(0);
