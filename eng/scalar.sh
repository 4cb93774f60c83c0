#!/usr/bin/env bash
# Fetches the script of the API reference page again: the browser build of @scalar/api-reference at one pinned version, checked against the hash
# of its package, and compressed as the server keeps and sends it. Needs npm and Node.js. The result is the same byte for byte each time.
set -euo pipefail

version=1.46.4
integrity='sha512-EpCcOG15Ry8DKNs/f5AdRA97s1B5kGPekzANpnK0j1IpyU4Sb/mfdyfB00WC+vUo7hfc4BFRSkkiPa5SSM7fng=='

target="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/PeerSync.Host/OpenApi/Scalar"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

package="$(npm pack --silent "@scalar/api-reference@$version")"
actual="sha512-$(openssl dgst -sha512 -binary "$package" | openssl base64 -A)"
if [[ $actual != "$integrity" ]]; then
  echo "scalar.sh: the package's hash is $actual" >&2
  exit 1
fi

tar -xzf "$package" package/dist/browser/standalone.js
node -e '
const fs = require("node:fs");
const { brotliCompressSync, constants } = require("node:zlib");
const script = fs.readFileSync("package/dist/browser/standalone.js");
fs.writeFileSync(process.argv[1], brotliCompressSync(script, { params: {
  [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
  [constants.BROTLI_PARAM_LGWIN]: 24,
  [constants.BROTLI_PARAM_SIZE_HINT]: script.length,
} }));' "$target/scalar.js.br"
echo "Wrote $target/scalar.js.br; its version stands in ReferenceScript.cs as well."
