import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const openssl = (...args: string[]) => promisify(execFile)("openssl", args);
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Paths of PEM files. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority for certificates that only a test trusts. */
export interface TestAuthority {
  readonly certificate: string;
  issue(address: string): Promise<Certificate>;
}

/** Makes an authority whose files lie in a folder, with openssl. */
export async function createTestAuthority(folder: string): Promise<TestAuthority> {
  const [certificate, key] = [join(folder, "authority.pem"), join(folder, "authority.key")];
  await openssl("req", "-x509", ...NEW_KEY, "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=authority of a test");
  return {
    certificate,
    async issue(address) {
      const [request, extension, own] = ["csr", "ext", "key"].map((end) => join(folder, `${address}.${end}`)) as [string, string, string];
      const issued = join(folder, `${address}.pem`);
      await openssl("req", ...NEW_KEY, "-keyout", own, "-out", request, "-subj", `/CN=${address}`);
      await writeFile(extension, `subjectAltName=IP:${address}\n`);
      const by = ["-CA", certificate, "-CAkey", key, "-set_serial", `0x${randomBytes(8).toString("hex")}`, "-extfile", extension];
      await openssl("x509", "-req", "-in", request, ...by, "-out", issued, "-days", "2");
      return { certificate: issued, key: own };
    },
  };
}
