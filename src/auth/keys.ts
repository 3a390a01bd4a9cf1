import type { CryptoKey } from 'jose';

/** The ways to sign that are known; which of them hold is a matter of the settings, never of a token. */
export type Algorithm = 'HS256' | 'RS256' | 'ES256';

/** A key that a signature can be checked with. */
export interface VerificationKey {
  readonly algorithm: Algorithm;
  /** How tokens name it; a key without a name may have signed any. */
  readonly kid?: string | undefined;
  readonly key: CryptoKey;
}

/** The keys of one moment: when any of them changes, there is another set. */
export type KeySet = readonly VerificationKey[];

/** Where the keys come from. */
export interface KeySource {
  readonly algorithms: readonly Algorithm[];
  /** @throws {AuthenticationUnavailableError} if there are none at the moment. */
  current(): Promise<KeySet>;
  /**
   * The keys for a token that none of the current ones verifies: others, if there may be.
   *
   * @throws {AuthenticationUnavailableError} if nobody can tell at the moment.
   */
  renewed(): Promise<KeySet>;
}
