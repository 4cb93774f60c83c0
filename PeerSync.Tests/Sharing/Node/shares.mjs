// What the extension does with a share, in two editors: shares.mjs BASE TEAM-ID ALICE-TOKEN BOB-TOKEN
import assert from "node:assert/strict";

const { subtle } = globalThis.crypto;
const [base, teamId, aliceToken, bobToken] = process.argv.slice(2);
const text = "const answer = 42; // ä 😀\n".repeat(1000);

const random = (length) => globalThis.crypto.getRandomValues(new Uint8Array(length));
const encode = (bytes) => Buffer.from(bytes).toString("base64url");
const decode = (base64) => Buffer.from(base64, "base64url");
const importAes = (raw) => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
const encrypt = async (key, iv, bytes) => encode(await subtle.encrypt({ name: "AES-GCM", iv }, key, bytes));
const decrypt = async (key, iv, cipher) => new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv: decode(iv) }, key, decode(cipher)));

// The key is the raw x coordinate: no derivation follows.
const agree = async (privateKey, publicKey) => importAes(await subtle.deriveBits({ name: "ECDH", public: publicKey }, privateKey, 256));
const importPublic = (jwk) => subtle.importKey("jwk", jwk, { name: "ECDH", namedCurve: "P-256" }, true, []);

const call = async (token, method, path, body) => {
  const response = await fetch(`${base}/osmynt-api-engine/protected/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  const answer = await response.text();
  assert.equal(response.status, 200, `${method} ${path}: ${answer}`);
  return JSON.parse(answer);
};

const device = async (token, deviceId) => {
  const pair = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const jwk = await subtle.exportKey("jwk", pair.publicKey);
  await call(token, "POST", "keys/register", { deviceId, encryptionPublicKeyJwk: jwk, algorithm: "ECDH-P-256" });
  return { token, deviceId, jwk, privateKey: pair.privateKey };
};

const wrapFor = async (recipient, ephemeral, cek) => {
  const kek = await agree(ephemeral.privateKey, await importPublic(recipient.encryptionPublicKeyJwk));
  const iv = random(12);
  return {
    recipientUserId: recipient.userId,
    recipientDeviceId: recipient.deviceId,
    senderEphemeralPublicKeyJwk: await subtle.exportKey("jwk", ephemeral.publicKey),
    wrappedCekB64u: await encrypt(kek, iv, cek),
    wrapIvB64u: encode(iv),
  };
};

const newEphemeral = () => subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);

// Every entry is tried in order, whatever its recipient fields say.
const open = async (share, reader) => {
  for (const wrap of share.wrappedKeys) {
    try {
      const kek = await agree(reader.privateKey, await importPublic(wrap.senderEphemeralPublicKeyJwk));
      const cek = await importAes(await decrypt(kek, wrap.wrapIvB64u, wrap.wrappedCekB64u));
      return new TextDecoder().decode(await decrypt(cek, share.ivB64u, share.ciphertextB64u));
    } catch (error) {
      assert.equal(error.name, "OperationError");
    }
  }

  return null;
};

const alice = await device(aliceToken, "1700000000001-aaaaaa");
const bob = await device(bobToken, "1700000000002-bbbbbb");
const { recipients } = await call(alice.token, "GET", `keys/team/${teamId}`);
assert.equal(recipients.length, 2);
const aliceId = recipients.find((recipient) => recipient.deviceId === alice.deviceId).userId;

// The layout of setting "teamKeyMode": all recipients under the team's key, all by ECDH, and once more the own device.
const cek = random(32);
const iv = random(12);
const teamKey = await importAes(random(32));
const teamIv = random(12);
const teamWrap = await encrypt(teamKey, teamIv, cek);
const ephemeral = await newEphemeral();
const wrappedKeys = [
  ...recipients.map((recipient) => ({
    recipientUserId: recipient.userId,
    recipientDeviceId: recipient.deviceId,
    senderEphemeralPublicKeyJwk: alice.jwk,
    wrappedCekB64u: teamWrap,
    wrapIvB64u: encode(teamIv),
  })),
  ...(await Promise.all(recipients.map((recipient) => wrapFor(recipient, ephemeral, cek)))),
  await wrapFor({ userId: aliceId, deviceId: alice.deviceId, encryptionPublicKeyJwk: alice.jwk }, ephemeral, cek),
];
assert.equal(decode(wrappedKeys.at(-1).wrappedCekB64u).length, 48);
const sent = {
  ciphertextB64u: await encrypt(await importAes(cek), iv, new TextEncoder().encode(text)),
  ivB64u: encode(iv),
  wrappedKeys,
  metadata: { title: "answer.ts", teamId, fileExt: "ts", startLine: 1, endLine: 1000 },
};
const { id } = await call(alice.token, "POST", "code-share/share", sent);

const share = await call(bob.token, "GET", `code-share/${id}`);
assert.equal(share.ver, 1);
assert.equal(share.alg, "ECDH-P256+A256GCM");
assert.equal(share.authorId, aliceId);
assert.deepEqual(share.wrappedKeys, wrappedKeys);
assert.equal(share.wrappedKeys.length, 2 * recipients.length + 1);
assert.deepEqual(share.metadata, sent.metadata);
assert.equal(await open(share, bob), text);
assert.equal(await open(share, alice), text);

// The fallback of shares with a team: the first entry under the team's key.
const [first] = share.wrappedKeys;
assert.deepEqual(await decrypt(teamKey, first.wrapIvB64u, first.wrappedCekB64u), cek);

// A second window of Bob cannot read it until Alice's has wrapped a key for it.
const companion = await device(bobToken, "1700000000003-cccccc");
assert.equal(await open(await call(companion.token, "GET", `code-share/${id}`), companion), null);
await call(companion.token, "POST", `code-share/${id}/request-wraps`, { deviceId: companion.deviceId });
const missing = await call(alice.token, "GET", "code-share/missing-wraps");
assert.deepEqual(missing.items.map((item) => item.id), [id]);
assert.deepEqual(missing.items[0].recipients.map((recipient) => recipient.deviceId), [companion.deviceId]);
const later = await newEphemeral();
const added = await Promise.all(missing.items[0].recipients.map((recipient) => wrapFor(recipient, later, cek)));
await call(alice.token, "POST", `code-share/${id}/add-wrapped-keys`, { wrappedKeys: added });
const grown = await call(companion.token, "GET", `code-share/${id}`);
assert.deepEqual(grown.wrappedKeys, [...wrappedKeys, ...added]);
assert.equal(await open(grown, companion), text);
assert.deepEqual((await call(alice.token, "GET", "code-share/missing-wraps")).items, []);

console.log("all done");
