import { describe, expect, it } from 'vitest';
import { type CorpusFile, corpusFile, corpusOf, type DocumentedFailure } from '../support/corpus.ts';
import { fill, startCaller } from './caller.ts';

const corpus = corpusOf('scollect');

const ask = async (
  file: CorpusFile,
  { params = file.params, request = file.request }: Partial<DocumentedFailure> = {},
) => {
  const caller = await startCaller();
  return caller.scollect(file.method, fill(file.path, params ?? {}), request ?? undefined);
};

const exact = corpus.filter(
  ({ operation }) => !['login', 'run_payment_external', 'insert_payplan_external'].includes(operation),
);

describe('the documented requests of Scollect', () => {
  it.each(exact.map((file) => [file.operation, file] as const))(
    '%s returns the documented body',
    async (_, file) => {
      const { status, body } = await ask(file);
      expect(status).toBe(200);
      expect(body).toEqual(file.success);
    },
  );

  it('login returns a token', async () => {
    const { body } = await ask(corpusFile('scollect', 'login'));
    expect(body).toEqual({ result: { access_token: expect.any(String) }, state: 'SUCCESS' });
  });

  it('run_payment_external returns the documented keys, whose values are placeholders', async () => {
    const file = corpusFile('scollect', 'run_payment_external');
    const { body } = await ask(file);
    expect(Object.keys(body as object)).toEqual(Object.keys(file.success as object));
    expect(body).toEqual({ result: 'APPROVED', approvalcode: expect.stringMatching(/^\d{6}$/), error: '' });
  });

  it('insert_payplan_external returns the success of insert_payments_external', async () => {
    const { body } = await ask(corpusFile('scollect', 'insert_payplan_external'));
    expect(body).toEqual(corpusFile('scollect', 'insert_payments_external').success);
  });
});

const failures = corpus.flatMap((file) =>
  file.failures.map((failure, index) => ({ name: `${file.operation} ${index + 1}`, file, failure })),
);

describe('the documented failures of Scollect', () => {
  it.each(failures)('$name', async ({ file, failure }) => {
    const { status, body } = await ask(file, failure);
    expect(status).toBe(200);
    expect(body).toEqual(failure.response);
  });
});
