import { getNamedType, getNullableType, isNonNullType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../src/operation/caller.ts';
import { schema } from '../../src/schema/schema.ts';
import { rawNameOf } from '../../src/upstreams/endpoint/phone-number-columns.ts';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const types = Object.values(schema.getTypeMap()).filter(isObjectType);

const phoneNumbers = types.flatMap((type) =>
  Object.values(type.getFields())
    .filter((field) => getNamedType(field.type).name === 'PhoneNumber' && !isNonNullType(field.type))
    .map(({ name }) => [`${type.name}.${name}`, type, name] as const),
);

describe('a phone number that may be null', () => {
  it.each(phoneNumbers)('has its text next to it: %s', (_, type, name) => {
    const raw = type.getFields()[rawNameOf(name)];
    expect(raw && String(getNullableType(raw.type))).toBe('String');
  });

  it('is a field of every type with phones', () => {
    expect(new Set(phoneNumbers.map(([, { name }]) => name))).toEqual(
      new Set([
        'Attorney',
        'Borrower',
        'ContactAttempt',
        'Court',
        'Employer',
        'Phone',
        'PhoneContactSummary',
      ]),
    );
  });
});

/** Keys of getaccount with a phone: where the schema shows it, and under which name. */
const columns: readonly (readonly [key: string, path: string, name: string])[] = [
  ['attorneyphone', 'attorney', 'phone'],
  ['attorneycellphone', 'attorney', 'cellPhone'],
  ['attorneybeepernumber', 'attorney', 'pager'],
  ['attorneyfax', 'attorney', 'fax'],
  ['courtphone', 'court', 'phone'],
  ['primaryphone', 'borrower', 'primaryPhone'],
  ['cellphone', 'borrower', 'cellPhone'],
  ['workphone', 'borrower', 'workPhone'],
  ['beepernumber', 'borrower', 'pager'],
  ['employerphone', 'borrower.employer', 'phone'],
  ['jointprimaryphone', 'coBorrowers', 'primaryPhone'],
  ['jointsecondaryphone', 'coBorrowers', 'secondaryPhone'],
  ['spouseworkphone', 'coBorrowers', 'workPhone'],
  ['spouseemployerphone', 'coBorrowers.employer', 'phone'],
  ['codebtor1primaryphone', 'coBorrowers', 'primaryPhone'],
  ['codebtor1secondaryphone', 'coBorrowers', 'secondaryPhone'],
  ['codebtor2primaryphone', 'coBorrowers', 'primaryPhone'],
  ['codebtor2secondaryphone', 'coBorrowers', 'secondaryPhone'],
];

type Row = Readonly<Record<string, unknown>>;

const documented = (corpusFile('scollect', 'getaccount').success as { result: readonly [Row] }).result[0];

/** The documented account without anything on its people, attorney and court. */
const bare = Object.fromEntries(
  Object.entries(documented).map(([key, value]) => [
    key,
    /^(?:attorney|court|docket|datefiled|joint|spouse|codebtor|employer)/.test(key) ? ' ' : value,
  ]),
);

const ask = async (row: Row, path: string, name: string, held: readonly Scope[] = scopes) => {
  const scollect = await startCorpusUpstream('scollect', {
    getaccount: { json: { result: [row], state: 'SUCCESS' } },
  });
  const { query } = await startGateway({ scollect, scopes: held });
  const selection = path
    .split('.')
    .reduceRight((inner, field) => `${field} { ${inner} }`, `${name} ${rawNameOf(name)}`);
  const { data, errors } = await query(`{ account(fileNumber: "R1001") { ${selection} } }`);
  expect(errors).toBeUndefined();
  const shown = path.split('.').reduce((value, field) => [value?.[field]].flat()[0], data.account);
  return shown ?? null;
};

// What people write where a number is expected.
const texts = ['CALL CLERK', '407-253', '407-253-7828 or 29'];

describe('the text of', () => {
  it('each phone of getaccount is listed here', () => {
    const keys = Object.keys(documented).filter((key) => /phone$|fax$|beeper/.test(key));
    expect(columns.map(([key]) => key).sort()).toEqual(keys.sort());
  });

  it.each(columns)('`%s` is kept where it is no number (%s.%s)', async (key, path, name) => {
    for (const text of texts) {
      const shown = await ask({ ...bare, [key]: ` ${text} ` }, path, name);
      expect(shown).toEqual({ [name]: null, [rawNameOf(name)]: text });
    }
  });

  it.each(columns)('`%s` is as written where it is a number (%s.%s)', async (key, path, name) => {
    const shown = await ask({ ...bare, [key]: ' (407) 253-7828' }, path, name);
    expect(shown).toEqual({ [name]: '+14072537828', [rawNameOf(name)]: '(407) 253-7828' });
  });

  it.each(columns)('`%s` is null where it is blank (%s.%s)', async (key, path, name) => {
    for (const blank of [' ', null, 'No Data']) {
      const shown = await ask({ ...bare, [key]: blank }, path, name);
      expect(shown?.[rawNameOf(name)] ?? null).toBeNull();
    }
  });

  it('a phone is shown to those who see the number, and to nobody else', async () => {
    const row = { ...bare, courtphone: 'CALL CLERK', workphone: '407-253-7828' };
    const masked = scopes.filter((scope) => scope !== 'pii:read');
    expect(await ask(row, 'court', 'phone', masked)).toEqual({ phone: null, rawPhone: 'CALL CLERK' });
    expect(await ask(row, 'borrower', 'workPhone', masked)).toEqual({
      workPhone: '+14072537828',
      rawWorkPhone: '407-253-7828',
    });
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startGateway({ scollect, scopes: ['orders:read'] });
    for (const name of ['phone', 'rawPhone']) {
      const { data, errors } = await query(`{ account(fileNumber: "R1001") { court { ${name} } } }`);
      expect(data).toEqual({ account: null });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});
