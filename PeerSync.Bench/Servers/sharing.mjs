// The routes of Sharing that the bench asks, as one writes them in Node with Hono: HS256 tokens, and the same tables, indexes, transactions and
// durability as PeerSync has, on SQLite (better-sqlite3) or PostgreSQL (pg). It listens on 127.0.0.1 only and ends with its standard input.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie where the bench has installed them: in the working directory.
const require = createRequire(join(process.cwd(), 'sharing.mjs'));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const { Hono } = await load('hono');
const { jwt, sign } = await load('hono/jwt');
const { serve } = await load('@hono/node-server');

const secret = process.env.JWT_SECRET;
const base = '/osmynt-api-engine';
const newId = () => 'c' + randomBytes(12).toString('hex');

const schema = `
  CREATE TABLE users (id text PRIMARY KEY, account text NOT NULL UNIQUE, name text NOT NULL, stored_bytes bigint NOT NULL DEFAULT 0);
  CREATE TABLE teams (id text PRIMARY KEY, name text NOT NULL, slug text NOT NULL UNIQUE, owner_id text NOT NULL REFERENCES users (id));
  CREATE TABLE members (team_id text NOT NULL REFERENCES teams (id), user_id text NOT NULL REFERENCES users (id), role text NOT NULL, PRIMARY KEY (team_id, user_id));
  CREATE INDEX members_user_idx ON members (user_id);
  CREATE TABLE devices (user_id text NOT NULL REFERENCES users (id), device_id text NOT NULL, encryption_key text NOT NULL, signing_key text,
    created_at bigint NOT NULL, PRIMARY KEY (user_id, device_id));
  CREATE TABLE shares (number IDENTITY, id text NOT NULL UNIQUE, author_id text NOT NULL REFERENCES users (id), team_id text REFERENCES teams (id),
    ciphertext text NOT NULL, iv text NOT NULL, aad text, metadata text NOT NULL, wraps bigint NOT NULL, size bigint NOT NULL, created_at bigint NOT NULL);
  CREATE INDEX shares_team_idx ON shares (team_id, number);
  CREATE INDEX shares_author_idx ON shares (author_id, number);
  CREATE INDEX shares_created_at_idx ON shares (created_at);
  CREATE TABLE wraps (share_number bigint NOT NULL REFERENCES shares (number), position bigint NOT NULL, wraps text NOT NULL, PRIMARY KEY (share_number, position));
  CREATE TABLE recipients (share_number bigint NOT NULL REFERENCES shares (number), user_id text NOT NULL, device_id text NOT NULL,
    PRIMARY KEY (share_number, user_id, device_id));
  CREATE INDEX recipients_user_idx ON recipients (user_id, share_number);
  CREATE TABLE events (id IDENTITY, at bigint NOT NULL, name text NOT NULL, payload text NOT NULL, team_id text);
  CREATE INDEX events_at_idx ON events (at);
  CREATE TABLE audit (id IDENTITY, at bigint NOT NULL, action text NOT NULL, actor text NOT NULL, detail text NOT NULL)`;

// Both databases behind the same three calls; statements are prepared once.
async function openSqlite(file) {
  const { default: Database } = await load('better-sqlite3');
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.exec(schema.replaceAll('IDENTITY', 'integer PRIMARY KEY'));
  const prepared = new Map();
  const statement = (sql) => {
    let known = prepared.get(sql);
    if (known === undefined) {
      prepared.set(sql, (known = db.prepare(sql.replaceAll(/\$\d+/g, '?'))));
    }
    return known;
  };
  const session = {
    all: (sql, ...values) => statement(sql).all(...values),
    run: (sql, ...values) => statement(sql).run(...values),
  };
  let last = Promise.resolve();
  const runAlone = async (work) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = await work(session);
      db.exec('COMMIT');
      return result;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    ...session,
    // One connection, so one transaction at a time.
    transact: (work) => {
      const done = last.then(() => runAlone(work));
      last = done.catch(() => {});
      return done;
    },
  };
}

async function openPostgres(connectionString) {
  const { default: pg } = await load('pg');
  const pool = new pg.Pool({ connectionString, max: 20 });
  await pool.query(schema.replaceAll('IDENTITY', 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY'));
  const names = new Map();
  const sessionOf = (client) => {
    const query = async (sql, values) => {
      if (!names.has(sql)) {
        names.set(sql, `s${names.size}`);
      }
      return (await client.query({ name: names.get(sql), text: sql, values })).rows;
    };
    return { all: (sql, ...values) => query(sql, values), run: (sql, ...values) => query(sql, values) };
  };
  return {
    ...sessionOf(pool),
    transact: async (work) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(sessionOf(client));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

const database = process.env.DATABASE_URL ? await openPostgres(process.env.DATABASE_URL) : await openSqlite(process.env.DATABASE_FILE);

const app = new Hono();
app.get('/health', (c) => c.text('ok'));

app.post(`${base}/auth/dev-login`, async (c) => {
  const { name } = await c.req.json();
  const userId = newId();
  const teamId = newId();
  await database.transact(async (session) => {
    await session.run('INSERT INTO users (id, account, name) VALUES ($1, $2, $3)', userId, `dev:${name}`, name);
    await session.run('INSERT INTO teams (id, name, slug, owner_id) VALUES ($1, $2, $3, $4)', teamId, `${name}'s Team`, teamId, userId);
    await session.run('INSERT INTO members (team_id, user_id, role) VALUES ($1, $2, $3)', teamId, userId, 'OWNER');
  });
  const iat = Math.floor(Date.now() / 1000);
  const access = await sign({ iat, exp: iat + 43200, sub: userId, typ: 'access' }, secret, 'HS256');
  return c.json({ tokens: { access } });
});

app.use(`${base}/protected/*`, jwt({ secret, alg: 'HS256' }));
const callerOf = (c) => c.get('jwtPayload').sub;
const isMember = async (session, teamId, userId) =>
  (await session.all('SELECT 1 AS found FROM members WHERE team_id = $1 AND user_id = $2', teamId, userId)).length > 0;

app.post(`${base}/protected/keys/register`, async (c) => {
  const { deviceId, encryptionPublicKeyJwk, signingPublicKeyJwk } = await c.req.json();
  await database.run(
    'INSERT INTO devices (user_id, device_id, encryption_key, signing_key, created_at) VALUES ($1, $2, $3, $4, $5)',
    callerOf(c), deviceId, JSON.stringify(encryptionPublicKeyJwk), signingPublicKeyJwk ? JSON.stringify(signingPublicKeyJwk) : null, Date.now());
  return c.json({ ok: true });
});

app.get(`${base}/protected/keys/me`, async (c) => {
  const rows = await database.all(
    'SELECT device_id, encryption_key, signing_key, created_at FROM devices WHERE user_id = $1 ORDER BY created_at', callerOf(c));
  return c.json({
    devices: rows.map((row, index) => ({
      deviceId: row.device_id,
      encryptionPublicKeyJwk: JSON.parse(row.encryption_key),
      signingPublicKeyJwk: row.signing_key === null ? null : JSON.parse(row.signing_key),
      createdAt: new Date(Number(row.created_at)).toISOString(),
      isPrimary: index === 0,
    })),
  });
});

app.get(`${base}/protected/teams/me`, async (c) => {
  const teams = await database.all(
    'SELECT t.id, t.name, t.slug, t.owner_id FROM members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = $1', callerOf(c));
  return c.json({ user: { id: callerOf(c) }, teams: teams.map((team) => ({ id: team.id, name: team.name, slug: team.slug, ownerId: team.owner_id })) });
});

app.get(`${base}/protected/code-share/team/list`, async (c) => {
  const teamId = c.req.query('teamId');
  if (!(await isMember(database, teamId, callerOf(c)))) {
    return c.json({ error: 'Forbidden' }, 403);
  }
  const shares = await database.all(
    `SELECT s.number, s.id, s.created_at, s.author_id, u.name AS author_name, s.metadata FROM shares s JOIN users u ON u.id = s.author_id
     WHERE s.team_id = $1 ORDER BY s.number DESC LIMIT 50`,
    teamId);
  const wraps = new Map();
  if (shares.length > 0) {
    const rows = await database.all(
      `SELECT w.share_number, w.wraps FROM wraps w JOIN shares s ON s.number = w.share_number
       WHERE s.team_id = $1 AND w.share_number BETWEEN $2 AND $3 ORDER BY w.share_number, w.position`,
      teamId, shares.at(-1).number, shares[0].number);
    for (const row of rows) {
      wraps.set(row.share_number, [...(wraps.get(row.share_number) ?? []), ...JSON.parse(row.wraps)]);
    }
  }
  return c.json({
    items: shares.map((share) => ({
      id: share.id,
      createdAt: new Date(Number(share.created_at)).toISOString(),
      authorId: share.author_id,
      authorName: share.author_name,
      metadata: JSON.parse(share.metadata),
      wrappedKeys: wraps.get(share.number) ?? [],
    })),
  });
});

const isText = (value) => typeof value === 'string';
const isShare = (body) =>
  isText(body?.ciphertextB64u) && isText(body.ivB64u) && Array.isArray(body.wrappedKeys) && isText(body.metadata?.title)
  && body.wrappedKeys.every((wrap) => isText(wrap.recipientUserId) && isText(wrap.recipientDeviceId) && isText(wrap.wrappedCekB64u) && isText(wrap.wrapIvB64u));

app.post(`${base}/protected/code-share/share`, async (c) => {
  const body = await c.req.json();
  if (!isShare(body)) {
    return c.json({ error: 'Invalid body' }, 400);
  }
  const authorId = callerOf(c);
  const { teamId } = body.metadata;
  const id = newId();
  const now = Date.now();
  const metadata = JSON.stringify(body.metadata);
  const wraps = JSON.stringify(body.wrappedKeys);
  const size = body.ciphertextB64u.length + metadata.length + wraps.length;
  const isDone = await database.transact(async (session) => {
    if (!(await isMember(session, teamId, authorId))) {
      return false;
    }
    const [share] = await session.all(
      `INSERT INTO shares (id, author_id, team_id, ciphertext, iv, aad, metadata, wraps, size, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING number`,
      id, authorId, teamId, body.ciphertextB64u, body.ivB64u, body.aad ?? null, metadata, body.wrappedKeys.length, size, now);
    await session.run('INSERT INTO wraps (share_number, position, wraps) VALUES ($1, 0, $2)', share.number, wraps);
    for (const wrap of body.wrappedKeys) {
      await session.run(
        'INSERT INTO recipients (share_number, user_id, device_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        share.number, wrap.recipientUserId, wrap.recipientDeviceId);
    }
    await session.run('UPDATE users SET stored_bytes = stored_bytes + $1 WHERE id = $2', size, authorId);
    const payload = JSON.stringify({ id, title: body.metadata.title, authorId, teamId });
    await session.run('INSERT INTO events (at, name, payload, team_id) VALUES ($1, $2, $3, $4)', now, 'snippet:created', payload, teamId);
    await session.run('INSERT INTO audit (at, action, actor, detail) VALUES ($1, $2, $3, $4)', now, 'CODE_SHARE_CREATED', authorId, JSON.stringify({ codeShareId: id }));
    return true;
  });
  return isDone ? c.json({ id }) : c.json({ error: 'Forbidden' }, 403);
});

app.onError((error, c) => (error.getResponse ? error.getResponse() : c.text(`Internal Server Error: ${error.message}`, 500)));
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) });
process.stdin.on('end', () => process.exit(0)).resume();
