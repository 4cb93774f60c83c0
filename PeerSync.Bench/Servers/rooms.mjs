// Rooms in Node as one writes them with the package "socket.io": enter a room, signals to one member, chat to all. The library does
// its own framing, keep-alives and encoding for rooms. It listens on 127.0.0.1 only and ends with its standard input.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// The package lies where the bench has installed it: in the working directory.
const { Server } = createRequire(join(process.cwd(), 'rooms.mjs'))('socket.io');

const rooms = new Map();
const http = createServer((_, response) => response.end('ok'));
const io = new Server(http, { transports: ['websocket'] });

function leave(socket) {
  const { room, user } = socket.data;
  const members = rooms.get(room);
  if (members?.get(user) !== socket) {
    return;
  }
  members.delete(user);
  socket.leave(room);
  if (members.size === 0) {
    rooms.delete(room);
  } else {
    io.to(room).emit('left', { id: user });
  }
}

io.on('connection', (socket) => {
  socket.on('enter', ({ room, user, name }, done) => {
    leave(socket);
    let members = rooms.get(room);
    if (members === undefined) {
      members = new Map();
      rooms.set(room, members);
    }
    const peers = [...members.values()].map((member) => ({ id: member.data.user, name: member.data.name }));
    members.set(user, socket);
    socket.data = { room, user, name };
    socket.join(room);
    done({ peers });
    socket.to(room).emit('joined', { id: user, name });
  });

  socket.on('signal', ({ to, type, data }) => {
    const { room, user } = socket.data;
    rooms.get(room)?.get(to)?.emit('signal', { type, from: user, data });
  });

  socket.on('chat', (data) => {
    const { room, user } = socket.data;
    io.to(room).emit('chat', { from: user, data });
  });

  socket.on('disconnect', () => leave(socket));
});

http.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 4096 });
process.stdin.on('end', () => process.exit(0)).resume();
