import { whenKnown } from '../lib/when-known.ts';
import { type Authenticate, ForbiddenError } from './authentication.ts';

/** Admits only callers of configured tenants. */
export const admitTenants =
  (authenticate: Authenticate, isServed: (tenant: string) => boolean): Authenticate =>
  (request) =>
    whenKnown(authenticate(request), (caller) => {
      if (caller.tenant === null) throw new ForbiddenError('The token names no tenant.', caller);
      if (!isServed(caller.tenant)) {
        throw new ForbiddenError('The tenant that the token names is not served by this gateway.', caller);
      }
      return caller;
    });
