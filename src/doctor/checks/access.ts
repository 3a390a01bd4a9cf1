import { isLoopback } from '../../config/fields.ts';
import type { Settings } from '../../config/settings.ts';
import { type CheckSubject, note, ok } from '../result.ts';
import type { Check } from '../run-check.ts';

export interface AccessContext {
  readonly settings: Settings;
  readonly isProduction: boolean;
}

/** A setting that is valid, but probably not intended. */
interface Doubt {
  readonly id: string;
  /** The name of the setting. */
  readonly setting: string;
  readonly isSo: (context: AccessContext) => boolean;
  readonly message: string;
  readonly action: string;
}

const hasTokens = ({ settings }: AccessContext): boolean => settings.authentication !== null;

const isLive = ({ settings }: AccessContext): boolean => !settings.usesSandbox;

const hasSecret = ({ settings: { authentication } }: AccessContext): string =>
  authentication && 'secret' in authentication.keys ? authentication.keys.secret : '';

/** Fewer different characters than these are no random secret. */
const fewestCharacters = 10;

const isForeignHttp = (origin: string): boolean => {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && !isLoopback(hostname);
};

const mostSkewSeconds = 60;

const doubts: readonly Doubt[] = [
  {
    id: 'access.authentication',
    setting: 'AUTH_DISABLED',
    isSo: (context) => isLive(context) && context.settings.authDisabled,
    message: 'true, with real upstreams: every program on this machine has all scopes.',
    action: 'Set AUTH_JWKS_URL or AUTH_JWT_SECRET instead.',
  },
  {
    id: 'access.secret',
    setting: 'AUTH_JWT_SECRET',
    isSo: (context) => {
      const secret = hasSecret(context);
      return secret !== '' && new Set(secret).size < fewestCharacters;
    },
    message: 'has few different characters: it may be guessed.',
    action: 'Set a random secret, such as the output of `openssl rand -base64 48`.',
  },
  {
    id: 'access.issuer',
    setting: 'AUTH_ISSUER',
    isSo: (context) => hasTokens(context) && context.settings.authentication?.issuer === undefined,
    message: 'not set: tokens of any issuer with the same keys are accepted.',
    action: 'Set it to the claim `iss` of your tokens.',
  },
  {
    id: 'access.audience',
    setting: 'AUTH_AUDIENCE',
    isSo: (context) => hasTokens(context) && context.settings.authentication?.audience === undefined,
    message: 'not set: tokens that the issuer made for other services are accepted.',
    action: 'Set it to the claim `aud` of tokens for this gateway.',
  },
  {
    id: 'access.clock-skew',
    setting: 'AUTH_CLOCK_SKEW_SECONDS',
    isSo: ({ settings: { authentication } }) => (authentication?.clockSkewSeconds ?? 0) > mostSkewSeconds,
    message: `more than ${mostSkewSeconds}: expired tokens are accepted for as long.`,
    action: 'Correct the clocks instead, and lower it.',
  },
  {
    id: 'access.introspection',
    setting: 'INTROSPECTION',
    isSo: ({ isProduction, settings }) => isProduction && settings.introspection,
    message: 'true in production: clients may query the schema.',
    action: 'Remove it, unless that is intended.',
  },
  {
    id: 'access.graphiql',
    setting: 'GRAPHIQL',
    isSo: ({ isProduction, settings }) => isProduction && settings.graphiql,
    message: 'true in production: browsers get GraphiQL.',
    action: 'Remove it, unless that is intended.',
  },
  {
    id: 'access.production',
    setting: 'NODE_ENV',
    isSo: (context) => isLive(context) && hasTokens(context) && !context.isProduction,
    message: 'not production, with real upstreams: introspection and GraphiQL are on unless they are set.',
    action: 'Set NODE_ENV=production.',
  },
  {
    id: 'access.origins',
    setting: 'CORS_ORIGINS',
    isSo: ({ settings }) => settings.corsOrigins.some(isForeignHttp),
    message: 'contains an http: origin of another machine: anyone on its network path can change its pages.',
    action: 'Use https: origins.',
  },
  {
    id: 'limits.caller',
    setting: 'RATE_LIMIT_PER_CALLER',
    isSo: (context) => hasTokens(context) && context.settings.rateLimits.perCaller === null,
    message: '0: one caller may send any number of requests, and read all accounts in a short time.',
    action: 'Set a limit.',
  },
  {
    id: 'limits.address',
    setting: 'RATE_LIMIT_PER_ADDRESS',
    isSo: ({ settings: { rateLimits } }) =>
      rateLimits.perCaller !== null &&
      rateLimits.perAddress !== null &&
      rateLimits.perAddress < rateLimits.perCaller,
    message:
      'lower than RATE_LIMIT_PER_CALLER: one caller can use up the limit of all callers at its address.',
    action: 'Set it to at least RATE_LIMIT_PER_CALLER.',
  },
  {
    id: 'limits.failed-authentication',
    setting: 'RATE_LIMIT_FAILED_AUTH',
    isSo: (context) => hasTokens(context) && context.settings.rateLimits.failuresPerAddress === null,
    message: '0: forged tokens may be tried without limit.',
    action: 'Set a limit.',
  },
  {
    id: 'privacy.audit',
    setting: 'AUDIT_LOG',
    isSo: (context) => isLive(context) && context.settings.auditLog === 'off',
    message: 'off, with real upstreams: nothing records who read which account.',
    action: 'Set stdout, or the path of a file.',
  },
];

/** Settings of access and privacy that are valid, but probably not intended. */
export const accessCheck: Check<AccessContext> = {
  id: 'access',
  subject: 'Access, limits, privacy',
  run: (context, report) => {
    const found = doubts.filter(({ isSo }) => isSo(context));
    for (const { id, setting, message, action } of found) {
      const subject: CheckSubject = { id, subject: setting };
      report(note(subject, message, action));
    }
    if (found.length === 0) report(ok(accessCheck, 'no unusual setting.'));
  },
};
