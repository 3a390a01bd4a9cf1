import { type CryptoKey, createLocalJWKSet, errors, type JWK } from 'jose';
import type { Algorithm, KeySet, VerificationKey } from './keys.ts';

/** The supported signature algorithms of published keys. */
export const publishedAlgorithms = ['RS256', 'ES256'] as const satisfies readonly Algorithm[];

const maxKeys = 100;
const leastRsaBits = 2048;

const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const isSecret = (jwk: object): boolean => secretMembers.some((member) => member in jwk);

const isShort = ({ algorithm }: CryptoKey): boolean =>
  'modulusLength' in algorithm && Number(algorithm.modulusLength) < leastRsaBits;

/** Imports a key for an algorithm; `undefined` if its type, curve, use or form does not permit it. */
const importFor = async (algorithm: Algorithm, jwk: JWK): Promise<VerificationKey | undefined> => {
  const { kid } = jwk;
  try {
    const key = await createLocalJWKSet({ keys: [jwk] })({
      alg: algorithm,
      ...(kid !== undefined && { kid }),
    });
    return isShort(key) ? undefined : { algorithm, kid, key };
  } catch {
    return undefined;
  }
};

export interface ImportedKeys {
  readonly keys: KeySet;
  /** Whether the published set contains secret or private keys. */
  readonly hasPrivateKeys: boolean;
}

/**
 * Imports the usable keys of a published set: RSA keys of at least 2048 bits, and P-256 keys.
 *
 * @throws {errors.JWKSInvalid} if there are none, or too many. The message contains nothing of the set.
 */
export const importKeys = async (published: readonly JWK[]): Promise<ImportedKeys> => {
  if (published.length > maxKeys) throw new errors.JWKSInvalid(`more than ${maxKeys} keys`);
  const wanted = published
    .filter((jwk) => !isSecret(jwk))
    .flatMap((jwk) => publishedAlgorithms.map((algorithm) => importFor(algorithm, jwk)));
  const keys = (await Promise.all(wanted)).filter((key) => key !== undefined);
  if (keys.length === 0) throw new errors.JWKSInvalid('no key of the set can be used for RS256 or ES256');
  return { keys, hasPrivateKeys: published.some(isSecret) };
};
