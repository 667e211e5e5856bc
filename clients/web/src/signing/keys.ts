/** The key a person signs with on this device: made here for one hearing, never leaving it. Owns how it is made and named; never signs. */
import { canonical, hex, sha256, utf8 } from "./bytes";
import { keepPair, keptPair } from "./key-store";

/** The public half as the log binds it. */
export interface Jwk {
  kty: string;
  crv: string;
  x: string;
  y: string;
}

export interface SigningKey {
  private: CryptoKey;
  jwk: Jwk;
  fingerprint: string;
}

/** Signing needs a secure place: without one the browser has no keys. */
export const canSign = (): boolean => (globalThis.crypto as Partial<Crypto> | undefined)?.subtle !== undefined;

export const CURVE = { name: "ECDSA", namedCurve: "P-256" };

/** Without a database a key lives as long as the page: still the same one for all that is signed on it. */
const unkept = new Map<string, CryptoKeyPair>();

/** The device's key for this person and hearing; a lost one cannot be brought back, so a new one is made. */
export async function ownKey(person: string, hearing: string): Promise<SigningKey> {
  const known = unkept.get(`${person} ${hearing}`) ?? (await keptPair(person, hearing).catch(isNothingKept));
  return described(known ?? (await madePair(person, hearing)));
}

async function madePair(person: string, hearing: string): Promise<CryptoKeyPair> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  await keepPair(person, hearing, pair).catch((error: unknown) => {
    isNothingKept(error);
    unkept.set(`${person} ${hearing}`, pair);
  });
  return pair;
}

/** A browser that lets nothing be kept still signs. */
function isNothingKept(error: unknown): null {
  if (error instanceof DOMException) return null;
  throw error;
}

async function described(pair: CryptoKeyPair): Promise<SigningKey> {
  const { crv = "", x = "", y = "" } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const jwk = { kty: "EC", crv, x, y };
  return { private: pair.privateKey, jwk, fingerprint: await fingerprintOf(jwk) };
}

/** SHA-256 over the canonical members (RFC 7638). */
export async function fingerprintOf({ crv, kty, x, y }: Jwk): Promise<string> {
  return hex(await sha256(utf8(canonical({ crv, kty, x, y }))));
}
