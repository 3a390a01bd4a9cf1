import { importJWK } from 'jose';
import { type Agent, request } from 'undici';
import { z } from 'zod';
import type { KeySet, VerificationKey } from './keys.ts';

const timeoutMs = 5000;
const maxKeys = 100;
const leastRsaBits = 2048;

/** The response is no key set. The message contains nothing of it. */
export class JwksError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'JwksError';
  }
}

export interface FetchedKeys {
  readonly keys: KeySet;
  /** Whether the published set contains secret or private keys. */
  readonly hasPrivateKeys: boolean;
}

const jwksOf = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(maxKeys) });

const common = {
  kid: z.string().optional(),
  use: z.literal('sig').optional(),
  key_ops: z
    .array(z.string())
    .refine((operations) => operations.includes('verify'))
    .optional(),
};

/** The usable keys; other members are ignored. */
const jwkOf = z.discriminatedUnion('kty', [
  z.object({
    ...common,
    kty: z.literal('RSA'),
    alg: z.literal('RS256').default('RS256'),
    n: z.string(),
    e: z.string(),
  }),
  z.object({
    ...common,
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    alg: z.literal('ES256').default('ES256'),
    x: z.string(),
    y: z.string(),
  }),
]);

const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const isSecret = (jwk: object): boolean => secretMembers.some((member) => member in jwk);

const bitsOf = (algorithm: object): number =>
  'modulusLength' in algorithm ? Number(algorithm.modulusLength) : leastRsaBits;

const importKey = async (jwk: z.output<typeof jwkOf>): Promise<VerificationKey | undefined> => {
  const { alg: algorithm, kid, kty: _, use: _use, key_ops: _operations, ...material } = jwk;
  try {
    const key = await importJWK({ kty: jwk.kty, ...material }, algorithm);
    if (key instanceof Uint8Array || bitsOf(key.algorithm) < leastRsaBits) return undefined;
    return { algorithm, kid, key };
  } catch {
    return undefined;
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new JwksError('the answer is no JSON');
  }
};

const importAll = async (text: string): Promise<FetchedKeys> => {
  const jwks = jwksOf.safeParse(parseJson(text));
  if (!jwks.success) throw new JwksError(`the answer is no set of keys, or of more than ${maxKeys}`);
  const usable = jwks.data.keys
    .filter((jwk) => !isSecret(jwk))
    .map((jwk) => jwkOf.safeParse(jwk).data)
    .filter((jwk) => jwk !== undefined);
  const keys = (await Promise.all(usable.map(importKey))).filter((key) => key !== undefined);
  if (keys.length === 0) throw new JwksError('no key of the set can be used for RS256 or ES256');
  return { keys, hasPrivateKeys: jwks.data.keys.some(isSecret) };
};

/**
 * Fetches the JSON Web Key Set of an issuer: RSA keys of at least 2048 bits, and P-256 keys. Redirects are not
 * followed.
 *
 * @param dispatcher limits the size of the response.
 * @throws {JwksError} if the response is no key set; network errors if there is no response.
 */
export const fetchJwks = async (url: string, dispatcher: Agent): Promise<FetchedKeys> => {
  const headers = { accept: 'application/jwk-set+json, application/json' };
  const signal = AbortSignal.timeout(timeoutMs);
  const { statusCode, body } = await request(url, { dispatcher, headers, signal });
  const text = await body.text();
  if (statusCode !== 200) throw new JwksError('the status of the answer is not 200');
  return importAll(text);
};
