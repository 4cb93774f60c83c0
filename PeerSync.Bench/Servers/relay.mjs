// A WebSocket relay in Node as one writes it with the package "ws": login, pairing and messages of the Peers protocol, each
// message parsed and serialised again. It listens on 127.0.0.1 only and ends with its standard input.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// The package lies where the bench has installed it: in the working directory.
const { WebSocketServer } = createRequire(join(process.cwd(), 'relay.mjs'))('ws');

const secret = process.env.SUPABASE_JWT_SECRET;
const issuer = `${process.env.SUPABASE_URL}/auth/v1`;
const peers = new Map();
const requests = new Map();
const sessions = new Map();

function verify(token) {
  const [header, payload, signature] = token.split('.');
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature ?? '', 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return null;
  }
  if (JSON.parse(Buffer.from(header, 'base64url')).alg !== 'HS256') {
    return null;
  }
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const isCurrent = claims.exp > Date.now() / 1000;
  return isCurrent && claims.iss === issuer && claims.aud === 'authenticated' && claims.sub ? claims : null;
}

function send(socket, event, data) {
  socket.send(JSON.stringify({ event, data }));
}

function fail(socket, code, message) {
  send(socket, 'ERROR', { code, message });
}

const handlers = {
  AUTH(socket, data) {
    const claims = verify(String(data?.token ?? ''));
    if (claims === null) {
      send(socket, 'AUTH_FAILED', { code: 'ERR_1002', message: 'ERR_AUTH_INVALID' });
      socket.close(4001, 'Authentication failed');
      return;
    }
    socket.user = { id: claims.sub, email: claims.email ?? '', displayName: (claims.email ?? 'User').split('@')[0] };
    send(socket, 'AUTH_SUCCESS', { userId: socket.user.id, displayName: socket.user.displayName, email: socket.user.email });
  },

  PEER_REGISTER(socket, data) {
    const profile = { displayName: data?.displayName ?? socket.user.displayName, role: data?.role ?? 'guest', ide: data?.ide ?? 'other' };
    socket.profile = profile;
    peers.set(socket.user.id, socket);
    send(socket, 'PEER_REGISTERED', { id: socket.user.id, profile, status: 'online' });
  },

  CONNECTION_REQUEST(socket, data) {
    const target = peers.get(data?.targetId);
    if (target === undefined) {
      fail(socket, 'ERR_2001', 'Target peer not found');
      return;
    }
    const requestId = `req_${randomUUID()}`;
    requests.set(requestId, { requester: socket.user.id, target: target.user.id });
    send(target, 'CONNECTION_REQUEST_RECEIVED', { requestId, from: { id: socket.user.id, profile: socket.profile } });
  },

  CONNECTION_RESPONSE(socket, data) {
    const request = requests.get(data?.requestId);
    const requester = peers.get(request?.requester);
    if (requester === undefined || request.target !== socket.user.id || data.accepted !== true) {
      fail(socket, 'ERR_6001', 'Request not found or expired');
      return;
    }
    requests.delete(data.requestId);
    const sessionId = `ses_${randomUUID()}`;
    sessions.set(sessionId, [request.requester, request.target]);
    send(requester, 'CONNECTION_ACCEPTED', { requestId: data.requestId, sessionId, peer: { id: socket.user.id, profile: socket.profile } });
    send(socket, 'SESSION_CREATED', { sessionId, peer: { id: requester.user.id, profile: requester.profile } });
  },

  SEND_MESSAGE(socket, data) {
    const members = sessions.get(data?.sessionId);
    if (members === undefined || !members.includes(socket.user.id)) {
      fail(socket, 'ERR_3001', 'Session not found');
      return;
    }
    const partner = peers.get(members[0] === socket.user.id ? members[1] : members[0]);
    if (partner !== undefined) {
      send(partner, 'MESSAGE_RECEIVED', {
        sessionId: data.sessionId,
        from: socket.user.id,
        content: data.content,
        type: data.type,
        correlationId: data.correlationId,
        timestamp: new Date().toISOString(),
      });
    }
  },
};

function handle(socket, text) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    fail(socket, 'ERR_5003', 'Invalid JSON');
    return;
  }
  const handler = Object.hasOwn(handlers, message?.event) ? handlers[message.event] : undefined;
  if (socket.user === undefined && handler !== handlers.AUTH) {
    fail(socket, 'ERR_5005', 'Must authenticate first');
  } else if (handler === undefined) {
    fail(socket, 'ERR_5003', 'Unknown event');
  } else {
    handler(socket, message.data);
  }
}

const http = createServer((_, response) => response.end('ok'));
const server = new WebSocketServer({ server: http, path: '/ws' });
server.on('connection', (socket) => {
  socket.on('message', (data) => handle(socket, data.toString()));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    if (socket.user !== undefined && peers.get(socket.user.id) === socket) {
      peers.delete(socket.user.id);
    }
  });
});
http.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 4096 });
process.stdin.on('end', () => process.exit(0)).resume();
