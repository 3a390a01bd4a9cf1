import type { CryptoKey } from 'jose';

/** The supported signature algorithms. The settings decide which of them are accepted, never a token. */
export type Algorithm = 'HS256' | 'RS256' | 'ES256';

/** A key for verifying signatures. */
export interface VerificationKey {
  readonly algorithm: Algorithm;
  /** The key id in tokens; a key without an id may have signed any token. */
  readonly kid?: string | undefined;
  readonly key: CryptoKey;
}

/** The keys at one time: any change creates another set. */
export type KeySet = readonly VerificationKey[];

/** The source of verification keys. */
export interface KeySource {
  readonly algorithms: readonly Algorithm[];
  /** @throws {AuthenticationUnavailableError} if there are no keys at the moment. */
  current(): KeySet | Promise<KeySet>;
  /**
   * Returns keys for a token that none of the present keys verifies, fetched again if possible.
   *
   * @throws {AuthenticationUnavailableError} if they are unknown at the moment.
   */
  renewed(): Promise<KeySet>;
}
