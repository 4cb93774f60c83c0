// Calls in Node as one writes them with the package "socket.io": a token opens the namespace, devices are matched in the order in which
// they join, signals go to the partner. The library does its own framing and keep-alives. It listens on 127.0.0.1 only and ends with its
// standard input.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// The package lies where the bench has installed it: in the working directory.
const { Server } = createRequire(join(process.cwd(), 'calls.mjs'))('socket.io');

const secret = process.env.JWT_SECRET;
const waiting = new Map();
const http = createServer((_, response) => response.end('ok'));
const signaling = new Server(http, { transports: ['websocket'] }).of('/signaling');

function deviceOf(authorization) {
  if (typeof authorization !== 'string' || !authorization.startsWith('Bearer ')) {
    return null;
  }
  const [header, payload, signature] = authorization.slice('Bearer '.length).split('.');
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature ?? '', 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return null;
  }
  if (JSON.parse(Buffer.from(header, 'base64url')).alg !== 'HS256') {
    return null;
  }
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  return claims.exp > Date.now() / 1000 && claims.deviceId ? claims.deviceId : null;
}

function leave(socket) {
  const { wish, call } = socket.data;
  if (wish !== undefined && waiting.get(wish) === socket) {
    waiting.delete(wish);
  }
  if (call !== undefined) {
    call.partner.data.call = undefined;
    call.partner.emit('peer-disconnected', { sessionId: call.sessionId });
  }
  socket.data.wish = socket.data.call = undefined;
}

function match(first, second) {
  const sessionId = randomUUID();
  const timestamp = Date.now();
  for (const [socket, partner] of [[first, second], [second, first]]) {
    socket.data.wish = undefined;
    socket.data.call = { sessionId, partner };
    socket.emit('matched', { sessionId, timestamp, compatibilityScore: 50, commonInterests: [], peerId: partner.data.deviceId });
  }
}

signaling.on('connection', (socket) => {
  const deviceId = deviceOf(socket.handshake.auth.token);
  if (deviceId === null) {
    socket.disconnect();
    return;
  }
  socket.data.deviceId = deviceId;

  socket.on('join-queue', ({ region, language }) => {
    leave(socket);
    const wish = `${region} ${language}`;
    const other = waiting.get(wish);
    socket.emit('queue-joined', { position: 1, queueLength: other === undefined ? 1 : 2, timestamp: Date.now(), isPremium: false });
    if (other === undefined) {
      socket.data.wish = wish;
      waiting.set(wish, socket);
    } else {
      waiting.delete(wish);
      match(other, socket);
    }
  });

  socket.on('send-candidate', ({ sessionId, data }) => {
    const { call } = socket.data;
    if (call?.sessionId === sessionId) {
      call.partner.emit('candidate', { sessionId, candidate: data, from: deviceId });
    }
  });

  socket.on('disconnect', () => leave(socket));
  socket.emit('connected', { deviceId, timestamp: Date.now() });
});

http.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 4096 });
process.stdin.on('end', () => process.exit(0)).resume();
