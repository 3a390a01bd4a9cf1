import type { Settings } from '../config/settings.ts';
import type { Wiring } from '../config/wiring.ts';
import { type Caller, everybodyId, scopes } from '../operation/caller.ts';
import type { Log } from '../telemetry/log.ts';
import { admitTenants } from './admit-tenants.ts';
import type { Authenticate } from './authentication.ts';
import { createJwtAuthentication } from './jwt.ts';

/** The caller without authentication. With the sandbox its data is masked, unless its user requests all. */
const everybody = ({ authDisabled }: Settings): Caller => ({
  id: everybodyId,
  tenant: null,
  scopes: new Set(scopes.filter((scope) => authDisabled || scope !== 'pii:read')),
});

/** Returns the authentication that the settings configure: by tokens, or none. */
export const authenticatorOf = ({ settings, tenants }: Wiring, log: Log): Authenticate => {
  const { authentication, credentialsFile } = settings;
  if (!authentication) {
    const caller = everybody(settings);
    return () => caller;
  }
  if ('jwksUrl' in authentication.keys && authentication.audience === undefined) {
    log.warn({}, 'AUTH_AUDIENCE is not set: tokens that the issuer made for others are taken');
  }
  const hasTenants = credentialsFile !== undefined;
  const tenantClaim = hasTenants ? authentication.tenantClaim : null;
  const authenticate = createJwtAuthentication(authentication.keys, { ...authentication, tenantClaim, log });
  return hasTenants ? admitTenants(authenticate, tenants.has) : authenticate;
};
