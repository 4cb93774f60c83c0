// Two strangers are matched and exchange a line each, over the client library that browsers use.
//
//   npm install socket.io-client && node docs/examples/call.mjs [http://localhost:3000]

import { io } from 'socket.io-client';
import { randomUUID } from 'node:crypto';

const server = process.argv[2] ?? 'http://localhost:3000';

async function join(name) {
  const response = await fetch(`${server}/auth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ deviceId: randomUUID() }),
  });
  const { accessToken } = await response.json();
  const socket = io(`${server}/signaling`, { auth: { token: `Bearer ${accessToken}` }, transports: ['websocket'] });
  socket.onAny((event, content) => console.log(name.padEnd(5), '<', event, JSON.stringify(content)));
  const emit = (event, content) => {
    console.log(name.padEnd(5), '>', event, JSON.stringify(content));
    socket.emit(event, content);
  };
  socket.on('matched', ({ sessionId }) => emit('send-message', { sessionId, message: `Hello, I am ${name}`, timestamp: Date.now() }));
  socket.on('message', ({ sessionId }) => name === 'bob' && emit('end-call', { sessionId }));
  socket.on('connected', () => emit('join-queue', { region: 'europe', language: 'en', interests: ['music'] }));
  return socket;
}

const [alice, bob] = [await join('alice'), await join('bob')];
alice.on('peer-disconnected', () => {
  alice.close();
  bob.close();
});
