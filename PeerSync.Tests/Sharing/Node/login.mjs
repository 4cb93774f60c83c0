// Logs in as the extension does and opens the payload with WebCrypto alone. Arguments: base address, token.
const [base, accessToken] = process.argv.slice(2);
const subtle = globalThis.crypto.subtle;
const curve = { name: 'ECDH', namedCurve: 'P-256' };
const bytes = text => Uint8Array.from(Buffer.from(text, 'base64url'));

const own = await subtle.generateKey(curve, true, ['deriveKey', 'deriveBits']);
const clientPublicKeyJwk = await subtle.exportKey('jwk', own.publicKey);
const response = await fetch(`${base}/osmynt-api-engine/auth/login-with-token`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ provider: 'github', accessToken, handshake: { clientPublicKeyJwk } }),
});
if (!response.ok) {
  throw new Error(`${response.status} ${await response.text()}`);
}

const { serverPublicKeyJwk, payload } = await response.json();
const server = await subtle.importKey('jwk', serverPublicKeyJwk, curve, true, []);
const key = await subtle.deriveKey({ name: 'ECDH', public: server }, own.privateKey, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
const plain = await subtle.decrypt({ name: 'AES-GCM', iv: bytes(payload.ivB64u) }, key, bytes(payload.ciphertextB64u));
console.log(new TextDecoder().decode(plain));
