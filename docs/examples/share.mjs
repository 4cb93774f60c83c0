// Two editors share a piece of code that the server cannot read: the second one is told of it over the Redis protocol, fetches it and opens it.
//
//   node docs/examples/share.mjs [http://localhost:3000] [6380]

import { connect } from 'node:net';

const server = process.argv[2] ?? 'http://localhost:3000';
const redisPort = Number(process.argv[3] ?? 6380);
const { subtle } = crypto;
const curve = { name: 'ECDH', namedCurve: 'P-256' };
const base64 = bytes => Buffer.from(bytes).toString('base64url');
const bytes = text => Buffer.from(text, 'base64url');

async function call(user, method, path, body) {
  const response = await fetch(`${server}/osmynt-api-engine${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(user.token && { Authorization: `Bearer ${user.token}` }) },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  console.log(user.name.padEnd(5), method, path, body ? `${JSON.stringify(body).slice(0, 100)}...` : '', '\n      ', response.status, `${text.slice(0, 160)}`);
  return JSON.parse(text);
}

async function logIn(name) {
  const user = { name };
  const { tokens, user: { id } } = await call(user, 'POST', '/auth/dev-login', { name });
  const keys = await subtle.generateKey(curve, true, ['deriveKey']);
  const device = `${Date.now()}-${name}`;
  Object.assign(user, { id, device, keys, token: tokens.access });

  // A user has two devices at most; the ones of earlier runs make room.
  for (const { deviceId } of (await call(user, 'GET', '/protected/keys/me')).devices) {
    await call(user, 'DELETE', `/protected/keys/device/${deviceId}/force`);
  }

  await call(user, 'POST', '/protected/keys/register', { deviceId: device, encryptionPublicKeyJwk: await subtle.exportKey('jwk', keys.publicKey) });
  return user;
}

// The key that wraps is the x coordinate that two keys agree on.
async function agree(privateKey, publicKeyJwk) {
  const publicKey = await subtle.importKey('jwk', publicKeyJwk, curve, true, []);
  return subtle.deriveKey({ name: 'ECDH', public: publicKey }, privateKey, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function share(author, teamId, title, code) {
  const { recipients } = await call(author, 'GET', `/protected/keys/team/${teamId}`);
  const contentKey = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const aes = await subtle.importKey('raw', contentKey, 'AES-GCM', false, ['encrypt']);
  const ephemeral = await subtle.generateKey(curve, true, ['deriveKey']);
  const wrappedKeys = await Promise.all(recipients.map(async ({ userId, deviceId, encryptionPublicKeyJwk }) => {
    const wrapIv = crypto.getRandomValues(new Uint8Array(12));
    const wrapped = await subtle.encrypt({ name: 'AES-GCM', iv: wrapIv }, await agree(ephemeral.privateKey, encryptionPublicKeyJwk), contentKey);
    return {
      recipientUserId: userId,
      recipientDeviceId: deviceId,
      senderEphemeralPublicKeyJwk: await subtle.exportKey('jwk', ephemeral.publicKey),
      wrappedCekB64u: base64(wrapped),
      wrapIvB64u: base64(wrapIv),
    };
  }));
  const ciphertext = await subtle.encrypt({ name: 'AES-GCM', iv }, aes, new TextEncoder().encode(code));
  return call(author, 'POST', '/protected/code-share/share', { ciphertextB64u: base64(ciphertext), ivB64u: base64(iv), wrappedKeys, metadata: { teamId, title } });
}

async function open(reader, id) {
  const { ciphertextB64u, ivB64u, wrappedKeys } = await call(reader, 'GET', `/protected/code-share/${id}`);
  const own = wrappedKeys.find(({ recipientDeviceId }) => recipientDeviceId === reader.device);
  const wrapKey = await agree(reader.keys.privateKey, own.senderEphemeralPublicKeyJwk);
  const contentKey = await subtle.decrypt({ name: 'AES-GCM', iv: bytes(own.wrapIvB64u) }, wrapKey, bytes(own.wrappedCekB64u));
  const aes = await subtle.importKey('raw', contentKey, 'AES-GCM', false, ['decrypt']);
  return new TextDecoder().decode(await subtle.decrypt({ name: 'AES-GCM', iv: bytes(ivB64u) }, aes, bytes(ciphertextB64u)));
}

// With an access token for a password, the events are those that the user may see.
function subscribe(user, onEvent) {
  const socket = connect(redisPort, new URL(server).hostname);
  const send = (...words) => socket.write(`*${words.length}\r\n${words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
  send('AUTH', user.name, user.token);
  send('SUBSCRIBE', 'osmynt-recent-snippets');
  let seen = '';
  return new Promise(resolve => socket.setEncoding('utf8').on('data', text => {
    seen += text;
    if (seen.includes('subscribe')) {
      resolve(socket);
    }

    for (const line of text.split('\r\n').filter(line => line.startsWith('{'))) {
      console.log(user.name.padEnd(5), '<', line);
      onEvent(JSON.parse(line));
    }
  }));
}

const [alice, bob] = [await logIn('alice'), await logIn('bob')];
const { user, teams } = await call(alice, 'GET', '/protected/teams/me');
const team = teams.find(({ ownerId }) => ownerId === user.id);
const { token } = await call(alice, 'POST', `/protected/teams/${team.id}/invite`);
await call(bob, 'POST', `/protected/teams/invite/${token}`);
const socket = await subscribe(bob, async ({ event, payload }) => {
  if (event === 'snippet:created') {
    console.log('\nbob reads:', await open(bob, payload.id));
    socket.end();
  }
});
await share(alice, team.id, 'hello.js', "console.log('Hello Bob');");
