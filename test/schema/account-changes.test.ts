import {
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { schema } from '../../src/schema/schema.ts';
import { corpusFile } from '../support/corpus.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import { startSandboxedScollect } from '../support/sandboxed-upstream.ts';

interface Field {
  readonly path: string;
  readonly type: string;
  readonly description: string;
}

/** All fields of an input that hold a value, with their ways within it. */
const fieldsOf = (typeName: string, above = ''): Field[] =>
  Object.values((schema.getType(typeName) as GraphQLInputObjectType).getFields()).flatMap(
    ({ name, type, description }): Field[] => {
      const named = getNamedType(type);
      const path = above === '' ? name : `${above}.${name}`;
      return isInputObjectType(named)
        ? fieldsOf(named.name, path)
        : [{ path, type: named.name, description: description ?? '' }];
    },
  );

const fields = fieldsOf('AccountChangesInput');

/** The field that shows what another one sets, by the other's description. */
const shownBy = ({ description }: Field): readonly string[] =>
  /^Sets (?:one of )?`(\w+)\.(\w+)`/.exec(description)?.slice(1) ?? [];

describe('AccountChangesInput', () => {
  it('says of each field what it sets: a field of the same type', () => {
    const checkedFields = fields.filter(({ path }) => !path.endsWith('.number') && path !== 'portfolio');
    const types = checkedFields.map((field) => {
      const [typeName = '', name = ''] = shownBy(field);
      const shown = (schema.getType(typeName) as GraphQLObjectType | undefined)?.getFields()[name];
      // What is masked for some has a type of its own.
      return [field.path, String(shown && getNamedType(shown.type)).replace('BirthDate', 'Date')];
    });
    expect(types.length).toBeGreaterThan(150);
    expect(types).toEqual(checkedFields.map(({ path, type }) => [path, type]));
  });
});

/** A value for a field, another one for each. */
const sampleOf = ({ path, type }: Field, index: number): unknown => {
  const two = String(10 + (index % 18));
  const three = String(100 + index);
  const values: Readonly<Record<string, unknown>> = {
    Boolean: index % 2 === 0,
    Date: /birth/i.test(path) ? `19${two}-0${1 + (index % 9)}-12` : `20${two}-0${1 + (index % 9)}-12`,
    Decimal: `${three}.25`,
    PhoneNumber: `+1614555${1000 + index}`,
    SSN: `${three}-45-6789`,
    String: /emailAddress$/.test(path) ? `ford.${index}@example.net` : `Text of ${path}`,
  };
  return values[type];
};

type Values = Readonly<Record<string, unknown>>;

const setIn = (values: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown) => {
  if (rest.length === 0) {
    values[name] = value;
    return;
  }
  values[name] ??= {};
  setIn(values[name] as Record<string, unknown>, rest, value);
};

const lists = ['assets', 'creditReports', 'customFields'];

const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

/** A change of everything that can be changed. */
const everyChange = () => {
  const changes: Record<string, unknown> = {};
  for (const [index, field] of fields.entries()) {
    const path = field.path.split('.');
    if (!lists.includes(path[0] ?? '')) setIn(changes, path, sampleOf(field, index));
  }
  return {
    ...changes,
    portfolio: 'Buffalo Loans',
    assets: numbers(5).map((number) => ({ number, type: `Asset ${number}`, value: `${number}000.5` })),
    creditReports: numbers(5).map((number) => ({ number, value: `Remark ${number}` })),
    customFields: numbers(60).map((number) => ({ number, value: `Custom ${number}\nof them` })),
  } as Values & {
    readonly assets: readonly Values[];
    readonly creditReports: readonly Values[];
    readonly customFields: readonly Values[];
  };
};

/** Of the changes those fields that a type shows. */
const partOf = (changes: Values, typeName: string): Values =>
  Object.fromEntries(
    fields
      .filter((field) => !field.path.includes('.') && shownBy(field)[0] === typeName)
      .map(({ path }) => [path, changes[path]]),
  );

const personOf = ({ address, ...person }: Values): Values => ({
  ...person,
  ...(address === undefined ? {} : { addresses: [address] }),
});

/** What an account shows once it is changed so. */
const shownAfter = (changes: ReturnType<typeof everyChange>): Values => {
  const { jointDebtor, spouse, coDebtor1, coDebtor2, employer, portfolio } = changes;
  const { fees, work, attorney, court, judgment, garnishment, lien, bankruptcy, verification, payee } =
    changes;
  return {
    ...partOf(changes, 'Account'),
    borrower: { ...partOf(changes, 'Borrower'), addresses: [partOf(changes, 'Address')], employer },
    coBorrowers: [jointDebtor, spouse, coDebtor1, coDebtor2].map((person) => personOf(person as Values)),
    portfolio: { name: portfolio },
    ...{ fees, work, attorney, court, judgment, garnishment, lien, bankruptcy, verification, payee },
    assets: changes.assets.map(({ type, value }) => ({ type, value: `${value}0` })),
    creditReports: changes.creditReports.map(({ value }) => value),
    customFields: changes.customFields,
  };
};

/** Selects all that any of some values holds. */
const selectionOf = (...values: readonly unknown[]): string => {
  const objects = values.flat().filter((one) => typeof one === 'object' && one !== null) as Values[];
  const names = [...new Set(objects.flatMap((one) => Object.keys(one)))];
  const selected = names.map((name) => `${name} ${selectionOf(...objects.map((one) => one[name]))}`);
  return selected.length === 0 ? '' : `{ ${selected.join(' ')} }`;
};

// What getaccount shows and updatedbase is not given.
const leftAlone = [
  // They identify the row.
  'filenumber',
  'id',
  // Scollect writes them down when something is done.
  'datelastassigned',
  'datelastdialed',
  'datelaststatuschg',
  'lastpaymentamount',
  'lastpaymentdate',
  'lastworked',
  'paidtodate',
  // Scollect counts or marks them.
  'activated',
  'callbacks',
  'daysassignedto',
  'daysinstatus',
  'dayslastworked',
  'dayssincelastpayment',
  'dialerstatus',
  'goodnumbers',
  'hasduplicates',
  'hasimages',
  'promises',
  'skips',
];

const columnsOfRow = (operation: string): string[] => {
  const { result } = corpusFile('scollect', operation).success as { result: readonly [Values] };
  return Object.keys(result[0]);
};

describe('Mutation.updateAccount', () => {
  const changeEverything = async () => {
    const changes = everyChange();
    const expected = shownAfter(changes);
    const scollect = await startSandboxedScollect();
    const { query } = await startGateway({ scollect, scopes });
    const success = `updated failed { field reason } account ${selectionOf(expected)}`;
    const { data, errors } = await query(mutationOf('updateAccount', success), {
      input: { fileNumber: 'R1002', changes },
    });
    expect(errors).toBeUndefined();
    const writes = scollect.received
      .filter(({ path }) => path === '/updatedbase')
      .map(({ body }) => body as { fieldname: string; fieldvalue: string });
    return { result: data.updateAccount, expected, writes };
  };

  it('sets every field, and each is read again where it is shown', async () => {
    const { result, expected, writes } = await changeEverything();
    expect(result.failed).toEqual([]);
    expect(result.account).toMatchObject(expected);
    expect(result.updated).toHaveLength(writes.length);
    expect(result.updated).toEqual(
      expect.arrayContaining(['firstName', 'employer.address.city', 'customFields.0', 'assets.4.value']),
    );
  });

  it('sets every column of an account once, but for those that are not for people to set', async () => {
    const { writes } = await changeEverything();
    const columns = new Set([...columnsOfRow('getaccount'), ...columnsOfRow('getaccountbysocial')]);
    // The one spelling is of getaccountbysocial, the other of getaccount.
    columns.delete('managename');
    const written = writes.map(({ fieldname }) => fieldname);
    expect([...written, ...leftAlone].sort()).toEqual([...columns].sort());
  });

  it.each([
    ['firstName', ' Ford ', 'firstname', 'Ford'],
    ['lastName', '', 'lastname', ''],
    ['emailAddress', ' ', 'emailaddress', ''],
    ['ssn', '111223333', 'socialsecuritynumber', '111-22-3333'],
    ['dateOfBirth', '1965-10-18', 'birthdate', '1965-10-18'],
    ['cellPhone', '(614) 555 0142', 'cellphone', '614-555-0142'],
    ['isDeceased', true, 'deceased', 'YES'],
    ['isDeceased', false, 'deceased', 'NO'],
    ['placedDate', '2024-02-20', 'dateplaced', '2024-02-20'],
    ['currentBalance', 809, 'currentbalance', '809.00'],
    ['currentBalance', '-0.5', 'currentbalance', '-0.50'],
    ['interestRate', '8.125', 'interestpercentage', '8.125'],
    ['contingency', '35%', 'contingencyamount', '35%'],
    ['zipCode', '43215-1234', 'zip', '43215-1234'],
    ['work', { alert: 'Two\r\nlines' }, 'groupname', 'Two\nlines'],
    ['customFields', [{ number: 60, value: '' }], 'custom60', ''],
    ['assets', [{ number: 1, value: '7000' }], 'asset1value', '7000.00'],
    ['assets', [{ number: 2, value: '4000' }], 'assettype2value', '4000.00'],
    ['lien', { isInPlace: true }, 'lein', 'YES'],
  ])('writes %s %j as %s %j', async (name, value, fieldname, fieldvalue) => {
    const scollect = await startSandboxedScollect();
    const { query } = await startGateway({ scollect });
    await query(mutationOf('updateAccount', 'updated'), {
      input: { fileNumber: 'R1002', changes: { [name]: value } },
    });
    expect(scollect.received.slice(1).map(({ body }) => body)).toEqual([
      { filenumber: 'R1002', fieldname, fieldvalue },
    ]);
  });
});
