import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Answer, startUpstream } from './upstream.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** 32 bytes, of which some are no ASCII. */
export const secret = 'ein Geheimnis für die Prüfungen';

export const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** What a good token says, but for the claims of its test. */
export const claimsWith = (own: Claims = {}): Claims => ({ sub: 'alice', exp: secondsFromNow(3600), ...own });

export const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signers: Readonly<Record<string, (content: Buffer, key: KeyObject) => Buffer>> = {
  RS256: (content, key) => sign('sha256', content, key),
  RS512: (content, key) => sign('sha512', content, key),
  PS256: (content, key) =>
    sign('sha256', content, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  ES256: (content, key) => sign('sha256', content, { key, dsaEncoding: 'ieee-p1363' }),
  ES384: (content, key) => sign('sha384', content, { key, dsaEncoding: 'ieee-p1363' }),
};

export const signedBySecret = (content: string, by: string | Buffer = secret, hash = 'sha256'): string =>
  `${content}.${createHmac(hash, by).update(content).digest('base64url')}`;

/** A token signed with a secret, as its header says or not. */
export const hmacToken = (
  claims: unknown = claimsWith(),
  header: object = { alg: 'HS256' },
  by: string | Buffer = secret,
  hash = 'sha256',
): string => signedBySecret(`${encode(header)}.${encode(claims)}`, by, hash);

/** A key of an issuer, and tokens that are signed with it. */
export interface IssuerKey {
  readonly kid: string;
  /** As it is published. */
  readonly jwk: Claims;
  readonly privateJwk: Claims;
  readonly pem: string;
  token(claims?: unknown, header?: Claims, signedAs?: string): string;
}

const keyOf = (
  kid: string,
  alg: string,
  { publicKey, privateKey }: ReturnType<typeof rsaPair>,
): IssuerKey => ({
  kid,
  jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
  privateJwk: { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
  pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  token: (claims = claimsWith(), header = {}, signedAs = alg) => {
    const content = `${encode({ alg, kid, ...header })}.${encode(claims)}`;
    const signature = signers[signedAs]?.(Buffer.from(content), privateKey);
    return `${content}.${signature?.toString('base64url')}`;
  },
});

const rsaPair = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });

export const rsaKey = (kid: string, modulusLength = 2048): IssuerKey =>
  keyOf(kid, 'RS256', rsaPair(modulusLength));

export const ecKey = (kid: string, namedCurve = 'P-256'): IssuerKey =>
  keyOf(kid, namedCurve === 'P-256' ? 'ES256' : 'ES384', generateKeyPairSync('ec', { namedCurve }));

export const jwksOf = (...keys: readonly unknown[]): Answer => ({ json: { keys } });

/** An issuer that publishes its keys over HTTP, in the way that stands at the moment. */
export const startIssuer = async (answer: Answer | Promise<Answer>) => {
  let current = answer;
  const { url, received } = await startUpstream(() => current);
  return {
    jwksUrl: `${url}/jwks`,
    /** How often the keys were asked for. */
    fetches: () => received.length,
    received,
    become: (next: Answer | Promise<Answer>) => {
      current = next;
    },
  };
};
