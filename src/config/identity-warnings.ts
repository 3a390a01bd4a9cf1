import type { Ledger } from '../ledger/ledger.ts';
import { everybodyId } from '../operation/caller.ts';
import type { Settings } from './settings.ts';

/** The names that the settings give callers. A key belongs to a caller of one name and tenant. */
export interface Identity {
  readonly hasAuthentication: boolean;
  readonly hasTenants: boolean;
  /** The settings that determine names, with authentication. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface IdentityWarning {
  readonly setting: string;
  readonly message: string;
}

export const identityOf = ({ authentication, credentialsFile }: Settings): Identity => {
  const hasTenants = credentialsFile !== undefined;
  const { keys, issuer = '', tenantClaim = '' } = authentication ?? {};
  return {
    hasAuthentication: authentication !== null,
    hasTenants,
    settings: {
      ...(keys && { AUTH_ISSUER: issuer, AUTH_JWKS_URL: 'jwksUrl' in keys ? keys.jwksUrl : '' }),
      ...(hasTenants && { AUTH_TENANT_CLAIM: tenantClaim }),
    },
  };
};

const consequence =
  'those keys are not recognized and would charge again, until they expire or the setting is restored';

type Kind = Awaited<ReturnType<Ledger['holders']>>[number];

/** The kinds of callers in the ledger that the settings cannot produce. */
const rules: readonly {
  readonly setting: string;
  readonly found: string;
  readonly isOther: (kind: Kind, identity: Identity, isTenant: (tenant: string) => boolean) => boolean;
}[] = [
  {
    setting: 'AUTH_JWT_SECRET, AUTH_JWKS_URL',
    found: 'keys that were used without authentication',
    isOther: ({ isCaller, tenant }, { hasAuthentication }) => hasAuthentication && isCaller && tenant === '',
  },
  {
    setting: 'AUTH_DISABLED',
    found: 'keys of authenticated callers',
    isOther: ({ isCaller }, { hasAuthentication }) => !hasAuthentication && !isCaller,
  },
  {
    setting: 'CREDENTIALS_FILE',
    found: 'keys that were used without tenants',
    isOther: ({ tenant }, { hasTenants }) => hasTenants && tenant === '',
  },
  {
    setting: 'CREDENTIALS_FILE',
    found: 'keys of tenants that are not served',
    isOther: ({ tenant }, { hasTenants }, isTenant) => tenant !== '' && !(hasTenants && isTenant(tenant)),
  },
];

/** Returns a warning for each setting that changes the names of callers of stored keys. */
export const identityWarnings = async (
  ledger: Pick<Ledger, 'holders' | 'changedSettings'>,
  identity: Identity,
  isTenant: (tenant: string) => boolean,
): Promise<IdentityWarning[]> => {
  const kinds = await ledger.holders(everybodyId);
  const found = rules
    .filter(({ isOther }) => kinds.some((kind) => isOther(kind, identity, isTenant)))
    .map((rule) => ({ setting: rule.setting, message: `the ledger holds ${rule.found}: ${consequence}` }));
  const changed = await ledger.changedSettings(identity.settings);
  return [
    ...found,
    ...changed.map((setting) => ({
      setting,
      message: `the setting has changed while the ledger holds keys from before: if callers have other names now, ${consequence}`,
    })),
  ];
};
