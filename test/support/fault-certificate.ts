import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

const ecdsaWithSha256 = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
const commonName = oid(0x55, 0x04, 0x03);

/** A certificate that nobody trusts, valid today. Each call makes a new key, so the repository holds none (RFC 5280, 4.1). */
export function selfSigned(host: string): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(ecdsaWithSha256);
  const name = sequence(element(0x31, sequence(commonName, element(0x0c, Buffer.from(host)))));
  const body = sequence(
    element(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(...validity(new Date())),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const certificate = sequence(body, algorithm, bits(sign("sha256", body, privateKey)));
  return { key: pemOf(privateKey), cert: pem("CERTIFICATE", certificate) };
}

const dayMs = 24 * 60 * 60 * 1_000;

function validity(now: Date): Buffer[] {
  return [-dayMs, dayMs].map((offset) => {
    const digits = new Date(now.getTime() + offset).toISOString().replace(/[-:T]|\.\d+/g, "");
    return element(0x17, Buffer.from(digits.slice(2)));
  });
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, ...parts);
}

function oid(...bytes: readonly number[]): Buffer {
  return element(0x06, Buffer.from(bytes));
}

function bits(bytes: Buffer): Buffer {
  return element(0x03, Buffer.from([0]), bytes);
}

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) {
    return [length];
  }
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
