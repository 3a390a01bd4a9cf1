import { describe, expect, it } from 'vitest';
import { type CorpusFile, corpusFile, corpusOf } from '../support/corpus.ts';
import { fill, startCaller } from './caller.ts';

const corpus = corpusOf('scollect');

/** What the documented examples stand for in the paths. */
const params: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  getaccount: { filenumber: 'R1001' },
  getaccountbysocial: { ssn: '111-22-3333' },
  getattempts: { filenumber: 'R1001' },
  getemails: { filenumber: 'R1166' },
  getemailstats: { filenumber: 'D3406' },
  getnotes: { filenumber: 'R1000' },
  getpayments: { filenumber: 'R1001' },
  getphones: { filenumber: 'R1000' },
};

type Change = Readonly<{
  params?: Readonly<Record<string, string>>;
  body?: Readonly<Record<string, unknown>>;
}>;

const unknownPath = { params: { filenumber: 'R100' } };
const unknownFile = { body: { filenumber: 'R100' } };

/** What to change in the documented request to get each of the documented failures. */
const mistakes: Readonly<Record<string, readonly Change[]>> = {
  InsertNoteline: [unknownFile],
  createCallback: [{ body: { FileNumber: 'R100' } }],
  getAlaccountdata: [{ body: { FileNumber: 'R100' } }],
  getAlpaymentdata: [{ body: { last4Card: '9999' } }],
  get_accounts_in_portfolio: [{ body: { portfolio: undefined } }],
  getaccount: [unknownPath],
  getaccountbysocial: [{ params: { ssn: '111-22-333' } }],
  getattempts: [unknownPath],
  getemails: [unknownPath],
  getemailstats: [unknownPath],
  getnotes: [unknownPath],
  getpayments: [unknownPath],
  getphones: [{ params: { filenumber: 'D3406' } }],
  insert_payments_external: [{ body: { invoice: undefined } }],
  insertattempt: [unknownFile],
  insertphone: [unknownFile],
  login: [{ body: { apikey: 'another-key' } }],
  run_payment_external: [unknownFile],
  searchbyphone: [{ body: { PhoneNumber: '716-555-0000' } }],
  update_payment_external: [{}, { body: { filenumber: 'R46' } }],
  updatedbase: [{ body: { fieldname: 's' } }],
  updatepermissions: [unknownFile],
  updatephone: [{ body: { phonetype: undefined, phonestatus: undefined } }],
};

const ask = async (file: CorpusFile, change: Change = {}) => {
  const caller = await startCaller();
  const path = fill(file.path, { ...params[file.operation], ...change.params });
  const body = file.request === null ? undefined : { ...(file.request as object), ...change.body };
  return caller.scollect(file.method, path, body);
};

const exact = corpus.filter(
  ({ operation }) => !['login', 'run_payment_external', 'insert_payplan_external'].includes(operation),
);

describe('the documented requests of Scollect', () => {
  it.each(exact.map((file) => [file.operation, file] as const))(
    '%s answers the documented body',
    async (_, file) => {
      const { status, body } = await ask(file);
      expect(status).toBe(200);
      expect(body).toEqual(file.success);
    },
  );

  it('login answers a token with the documented claims', async () => {
    const { body } = await ask(corpusFile('scollect', 'login'));
    expect(body).toEqual({ result: { access_token: expect.any(String) }, state: 'SUCCESS' });
  });

  it('run_payment_external answers the documented keys, whose values are placeholders', async () => {
    const file = corpusFile('scollect', 'run_payment_external');
    const { body } = await ask(file);
    expect(Object.keys(body as object)).toEqual(Object.keys(file.success as object));
    expect(body).toEqual({ result: 'APPROVED', approvalcode: expect.stringMatching(/^\d{6}$/), error: '' });
  });

  it('insert_payplan_external answers as insert_payments_external does', async () => {
    const { body } = await ask(corpusFile('scollect', 'insert_payplan_external'));
    expect(body).toEqual(corpusFile('scollect', 'insert_payments_external').success);
  });
});

const failures = corpus.flatMap((file) =>
  file.failures.map((failure, index) => ({ name: `${file.operation} ${index + 1}`, file, failure, index })),
);

describe('the documented failures of Scollect', () => {
  it.each(failures)('$name', async ({ file, failure, index }) => {
    const change = mistakes[file.operation]?.[index];
    expect(change).toBeDefined();
    // Without a field to update, only the file number is left of the request.
    const request = failure && 'status' in (failure as object) ? { filenumber: 'R1002' } : file.request;
    const { status, body } = await ask({ ...file, request }, change);
    expect(status).toBe(200);
    expect(body).toEqual(failure);
  });
});
