import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { pipeline } from "node:stream";
import { createServer } from "node:tls";

/*
 * `node tls-proxy.ts ADDRESS CERTIFICATE KEY`: stands for the proxy that operators run before Galen. Takes TLS on port 443 and passes the bytes on to port
 * 8080 of this machine.
 */
const [address, certificate, key] = process.argv.slice(2) as [string, string, string];
const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (incoming) => {
  const galen = connect(8_080, "127.0.0.1");
  // However it ends, both ends close: who is connected tries again.
  pipeline(incoming, galen, incoming, () => incoming.destroy());
});
server.listen(443, address, () => console.log("listening"));
