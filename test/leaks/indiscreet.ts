import type { UpstreamSystem } from '../../src/upstreams/errors.ts';
import { corpusFile, corpusOf, folders } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { forRequest } from '../support/own-keys.ts';
import type { Answer, LocalUpstream, Received } from '../support/upstream.ts';
import { indiscretion, internal, kept, photoUrl, tokens, written } from './canaries.ts';

// Upstreams whose answers hold all that they know, wherever it can stand.

/** What stands under a key of an answer, by what its name says; the rest stays as it is documented. */
const kinds: readonly (readonly [key: RegExp, value: string])[] = [
  [/^(?:socialsecuritynumber|SSN|ssn)$/, kept['SSN of a debtor']],
  // In groups of its own.
  [/^reportfilenumber$/, kept['SSN of another'].replaceAll('-', ' ')],
  [/social|co_ssn/, kept['SSN of another']],
  [/^(?:birthdate|birthday|jointbirthdate|DOB)$/, kept['date of birth of a debtor']],
  [
    /^(?:accountnumber|origacctno|client_accountno|lien_accountno|AccountNumber)$/,
    kept['number of an account'],
  ],
  [/^cardnumber$/, internal['token of a card']],
  // Where four digits are documented.
  [/^last4card$/, internal['card of a debtor']],
  [/^photo_url$/, photoUrl],
  [/^file$/, internal['path on a server']],
  [/^class$/, internal['class of a server']],
  [/^function$/, internal['function of a server']],
  [/^(?:self|migration|SuccessRedirectUrl|refresh_token)$/, indiscretion],
];

/** Without these there is no person in the row. */
const names =
  /^(?:jointfirstname|spousename|codebtor[12]firstname|attorneyname|makepayabletoname|co_first|docketnumber|lienname)$/;

const isOfBorrower = (row: object): boolean => 'license_no' in row && 'firstname' in row;

const canaryAt = (key: string, value: unknown, row: object): unknown => {
  if (key === 'license_no' && isOfBorrower(row)) return kept["driver's license"];
  if (names.test(key)) return 'Canary';
  return kinds.find(([pattern]) => pattern.test(key))?.[1] ?? value;
};

/** The same answer with a canary of its kind under every key. */
const withCanaries = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withCanaries);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    key,
    typeof inner === 'object' && inner !== null ? withCanaries(inner) : canaryAt(key, inner, value),
  ]);
  return Object.fromEntries(entries);
};

/** Adds keys that no document names. */
const andMore = (value: unknown): unknown =>
  Array.isArray(value) || typeof value !== 'object' || value === null
    ? value
    : { ...value, debug: indiscretion, meta: { fixme: { message: indiscretion, source: internal } } };

/** Headers take no line ends, and none but these characters. */
const inHeader = indiscretion.replace(/[^\x20-\x7e]/g, '');
const headers = {
  'x-debug': inHeader,
  'set-cookie': `session=${tokens['token of Scollect']}`,
  server: inHeader,
};

const json = (body: unknown, status = 200): Answer => ({ status, json: body, headers });

const text = (status: number, type = 'text/html'): Answer => ({
  status,
  html: `<html>${indiscretion}</html>`,
  headers: { ...headers, 'content-type': type },
});

const trace = [{ file: internal['path on a server'], function: internal['function of a server'] }];
const exception = {
  message: `SQLSTATE[42S02]: ${indiscretion}`,
  exception: internal['class of a server'],
  file: internal['path on a server'],
  line: 7,
  trace,
};

type Conducts = Readonly<Record<string, (success: unknown) => Answer>>;

const alike: Conducts = {
  'gives all that it has': (success) => json(andMore(success)),
  'is another server': () => text(200),
  'is no JSON': () => ({
    html: `{"result": "${indiscretion}`,
    headers: { ...headers, 'content-type': 'application/json' },
  }),
  'has other types': () => json({ result: indiscretion, data: indiscretion, state: 'SUCCESS' }),
  'has rows of other types': () =>
    json({ result: [indiscretion, { id: indiscretion }], data: [indiscretion], state: 'SUCCESS' }),
  'fails with a page': () => text(500),
  'knows no such page': () => text(404),
  forbids: () => json({ message: indiscretion, msg: indiscretion, error: indiscretion }, 403),
  'finds fault': () => json({ message: indiscretion, msg: indiscretion, error: indiscretion }, 400),
  'leads elsewhere': () => ({ status: 302, html: indiscretion, headers: { ...headers, location: photoUrl } }),
  'has enough': () => ({
    status: 429,
    html: indiscretion,
    headers: { ...headers, 'retry-after': written.card },
  }),
  'takes no token': () => json({ message: indiscretion, msg: indiscretion }, 401),
  'hangs up': () => 'reset',
};

const ofScollect: Conducts = {
  ...alike,
  'contains an error within': () =>
    json({ result: [{ error: `Declined ${indiscretion}` }], state: 'SUCCESS' }),
  'contains an error and its number': () =>
    json({ result: [{ error: `File number ${indiscretion} is invalid.` }, 403], state: 'SUCCESS' }),
  declines: () =>
    json({
      result: `DECLINED ${indiscretion}`,
      approvalcode: written.card,
      error: indiscretion,
      state: 'SUCCESS',
    }),
};

const ofRecoveryConnect: Conducts = {
  ...alike,
  'contains an error within': () =>
    json({ status: 'error', message: indiscretion, warnings: [indiscretion] }),
  'contains an error and its number': () =>
    json(
      {
        message: indiscretion,
        errors: { [`ids.${indiscretion}`]: [indiscretion], lastname: [indiscretion] },
      },
      422,
    ),
  declines: () => json(exception, 500),
  // Next to the requested data.
  'gives all that it has': (success) =>
    json({ ...Object(andMore(success)), warnings: [indiscretion, { indiscretion }] }),
};

/** All the ways in which the upstreams can behave. */
export const conducts = Object.keys(ofScollect);

type Override = Readonly<Record<string, (success: unknown, request: Received) => unknown>>;

/** What operations answer beyond the documents, so that each way to a thing finds it. */
const asAsked: Override = {
  filterOrders: (success, { query }) => {
    const { data } = success as { readonly data: readonly object[] };
    const ids = query['ids']?.split(',') ?? ['20'];
    return {
      data: ids.map((id) => ({ ...data[0], id: Number(id), lien_accountno: kept['number of an account'] })),
      meta: { current_page: 1, last_page: 1, per_page: '20', total: ids.length },
    };
  },
  filterAssignments: (success, { query }) => {
    const { data } = success as { readonly data: readonly object[] };
    const ids = query['ids']?.split(',') ?? ['20'];
    return { data: ids.map((id) => ({ ...data[0], id: Number(id) })) };
  },
  getaccount: (success, { path }) => {
    const { result } = success as { readonly result: readonly object[] };
    return { result: [{ ...result[0], filenumber: path.split('/').at(-1) }], state: 'SUCCESS' };
  },
};

const logIns: Readonly<Record<string, unknown>> = {
  login: { result: { access_token: tokens['token of Scollect'] }, state: 'SUCCESS' },
  authenticate: {
    token_type: 'Bearer',
    expires_in: 3600,
    access_token: tokens['token of RecoveryConnect'],
    refresh_token: tokens['refresh token'],
  },
};

const tables = { SCOLLECT: ofScollect, RECOVERY_CONNECT: ofRecoveryConnect } as const;

export const operationsOf = (system: UpstreamSystem): string[] =>
  corpusOf(folders[system])
    .map(({ operation }) => operation)
    .sort();

/** The reads that must succeed, because other requests depend on their rows. */
const leading = new Set(['getportfoliolist', 'filterOrders', 'filterAssignments', 'listOrderBorrowers']);

type Place = 'operations' | 'behind' | 'log-in';

const isAt = (place: Place, operation: string): boolean => {
  if (operation in logIns || place === 'log-in') return operation in logIns && place === 'log-in';
  return place === 'operations' || !leading.has(operation);
};

export interface Indiscreet extends LocalUpstream {
  /** How it behaves from now on, and where: by default everywhere but at its log-in. */
  become(conduct: string, at?: Place): void;
  /** The operations that were asked for in each way. */
  readonly met: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Serves one system as it is documented, in the ways above. */
export const startIndiscreet = async (system: UpstreamSystem): Promise<Indiscreet> => {
  let conduct = 'gives all that it has';
  let place: Place = 'operations';
  const met = new Map<string, Set<string>>();
  const note = (way: string, operation: string): void => {
    const operations = met.get(way) ?? new Set();
    met.set(way, operations.add(operation));
  };
  const answerOf =
    (operation: string) =>
    (request: Received): Answer => {
      const isLogIn = operation in logIns;
      const success = isLogIn
        ? logIns[operation]
        : withCanaries(corpusFile(folders[system], operation).success);
      const whole = forRequest(operation, request, asAsked[operation]?.(success, request) ?? success);
      if (!isAt(place, operation)) return json(whole);
      note(conduct, operation);
      return tables[system][conduct]?.(whole) ?? json(whole);
    };
  const answers = operationsOf(system).map((operation) => [operation, answerOf(operation)]);
  const upstream = await startCorpusUpstream(folders[system], Object.fromEntries(answers));
  return {
    ...upstream,
    met,
    become: (next, at = 'operations') => {
      conduct = next;
      place = at;
    },
  };
};
