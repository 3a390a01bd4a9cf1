import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import { startSandboxedRecoveryConnect, startSandboxedScollect } from '../support/sandboxed-upstream.ts';

const decoded = (id: string): string => Buffer.from(id, 'base64url').toString();
const encoded = (id: string): string => Buffer.from(id).toString('base64url');
const wrapped = (rows: readonly object[]) => ({ json: { result: rows, state: 'SUCCESS' } });

interface Shown {
  readonly id: string;
  readonly number: string | null;
  readonly status: string | null;
}

const portfolioOf = (phones: string) =>
  `{ portfolio(name: "C2C Demo File to Load_120522") { accounts(first: 20) { edges { node { id fileNumber phones ${phones} } } } } }`;

describe('The id of a phone of an account', () => {
  it('costs a portfolio no call, and is that of the account’s own list', async () => {
    const scollect = await startSandboxedScollect();
    const { query, calls } = await startGateway({ scollect });
    const countFor = async (document: string) => {
      const before = calls().length;
      const { data, errors } = await query(document);
      expect(errors).toBeUndefined();
      return { data, made: calls().length - before };
    };
    const bare = await countFor(portfolioOf('{ number status }'));
    const { data, made } = await countFor(portfolioOf('{ __typename id number status }'));
    expect(made).toBe(bare.made);
    expect(made).toBeLessThanOrEqual(2);
    const accounts: { fileNumber: string; phones: Shown[] }[] = data.portfolio.accounts.edges.map(
      ({ node }: { node: unknown }) => node,
    );
    expect(accounts).toHaveLength(20);
    const idsInPage = accounts.flatMap(({ phones }) => phones.map(({ id }) => id));
    expect(idsInPage.length).toBeGreaterThan(20);
    expect(new Set(idsInPage).size).toBe(idsInPage.length);
    for (const { fileNumber, phones } of accounts) {
      const own = await query(
        'query ($fileNumber: String!) { account(fileNumber: $fileNumber) { phones { id phoneId number } } }',
        {
          fileNumber,
        },
      );
      expect(own.data.account.phones.map(({ id }: Shown) => id)).toEqual(phones.map(({ id }) => id));
    }
  });

  it('is the same for each way to the account, and `node` finds it', async () => {
    const scollect = await startSandboxedScollect();
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(`{
      account(fileNumber: "R3013") { originalAccountNumber phones { id number } borrower { phones { id } } }
      accounts(fileNumbers: ["r3013"]) { phones { id } }
    }`);
    expect(errors).toBeUndefined();
    const wanted = data.account.phones.map(({ id }: Shown) => id);
    const [{ number }] = data.account.phones;
    const found = await query(
      'query ($number: PhoneNumber!) { accountsByPhone(number: $number) { fileNumber phones { id } } }',
      { number },
    );
    const same = found.data.accountsByPhone.find((one: { fileNumber: string }) => one.fileNumber === 'R3013');
    for (const { phones } of [data.account.borrower, data.accounts[0], same]) {
      expect(phones.map(({ id }: Shown) => id)).toEqual(wanted);
    }
    const again = await query(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Phone { number account { fileNumber } } } }',
      { ids: wanted },
    );
    expect(again.errors).toBeUndefined();
    expect(again.data.nodes).toEqual(
      data.account.phones.map((phone: Shown) => ({
        __typename: 'Phone',
        ...phone,
        account: { fileNumber: 'R3013' },
      })),
    );
  });

  it('contains neither the number nor a hash of it that anybody could compute', async () => {
    const phonenumber = '407-253-7828';
    const getphones = wrapped([{ id: 5, phonenumber }]);
    const { query } = await startGateway({ scollect: await startCorpusUpstream('scollect', { getphones }) });
    const { data } = await query('{ account(fileNumber: "R1001") { phones { id } } }');
    const [type, system, fileNumber, digest = ''] = decoded(data.account.phones[0].id).split(':');
    expect([type, system, fileNumber]).toEqual(['Phone', 'S', 'R1001']);
    expect(digest).toMatch(/^[\w-]{22}$/);
    const bytes = Buffer.from(digest, 'base64url').toString('hex');
    for (const text of [phonenumber, '4072537828', '+14072537828', '14072537828']) {
      expect(decoded(data.account.phones[0].id)).not.toContain(text);
      for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
        for (const salted of [text, `R1001${text}`, JSON.stringify(['phone', 'R1001', text])]) {
          expect(createHash(algorithm).update(salted).digest('hex')).not.toContain(bytes);
        }
      }
    }
  });

  it('depends on the key of the gateway, and on nothing else that a restart changes', async () => {
    const sandbox = await startSandbox();
    try {
      const idsWith = async (gatewayKey: Buffer | null): Promise<string[]> => {
        const { query } = await startGateway({ sandbox, gatewayKey });
        const { data } = await query('{ account(fileNumber: "R3013") { phones { id } } }');
        return data.account.phones.map(({ id }: Shown) => id);
      };
      const key = randomBytes(32);
      const before = await idsWith(key);
      expect(await idsWith(key)).toEqual(before);
      const others = await idsWith(randomBytes(32));
      expect(others.filter((id) => before.includes(id))).toEqual([]);
      // Without a key, each gateway has one of its own.
      const without = [...(await idsWith(null)), ...(await idsWith(null))];
      expect(new Set([...before, ...without]).size).toBe(3 * before.length);
    } finally {
      await sandbox.close();
    }
  });

  it('is not the same for one number on two accounts: it does not link them', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getphones: ({ path }) =>
        wrapped([{ id: 1, filenumber: path.split('/').at(-1), phonenumber: '407-253-7828' }]),
    });
    const { query } = await startGateway({ scollect });
    const { data } = await query(
      '{ a: account(fileNumber: "R1") { phones { id } } b: account(fileNumber: "R2") { phones { id } } }',
    );
    const [one, other] = [data.a, data.b].map(({ phones }) => decoded(phones[0].id).split(':')[3]);
    expect(one).not.toBe(other);
  });

  describe('whose number the account has twice', () => {
    const twice = [
      { id: 12, phonenumber: '407-253-7828', phonestatus: 'Later' },
      { id: 11, phonenumber: '(407) 253-7828', phonestatus: 'Earlier' },
      { id: 13, phonenumber: '614-555-0142', phonestatus: 'Other' },
    ];
    const asked = async (rows: readonly object[]) => {
      const { query } = await startGateway({
        scollect: await startCorpusUpstream('scollect', { getphones: wrapped(rows) }),
      });
      const { data } = await query('{ account(fileNumber: "R1") { phones { id phoneId } } }');
      return { query, phones: data.account.phones as { id: string; phoneId: string }[] };
    };

    it('differs for each record, in whatever order they come', async () => {
      const { phones } = await asked(twice);
      expect(new Set(phones.map(({ id }) => id)).size).toBe(3);
      const turned = await asked([...twice].reverse());
      expect([...turned.phones].reverse()).toEqual(phones);
      // A further record leaves the ids of the others alone.
      const added = await asked([{ id: 14, phonenumber: '4072537828' }, ...twice]);
      expect(added.phones.slice(1)).toEqual(phones);
    });

    it('finds each of them again', async () => {
      const { query, phones } = await asked(twice);
      const { data } = await query(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Phone { phoneId } } }',
        {
          ids: phones.map(({ id }) => id),
        },
      );
      expect(data.nodes).toEqual(phones);
    });

    it('is the same in the row of a portfolio', async () => {
      const { query, phones } = await asked([...twice].sort((one, other) => one.id - other.id));
      const scollect = await startCorpusUpstream('scollect', {
        get_accounts_in_portfolio: wrapped([
          {
            lotno: 'R1',
            ...Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`phone${at + 1}`, ''])),
            phone1: '4072537828',
            phone2: '407-253-7828',
            phone3: ' ',
            phone4: '614.555.0142',
          },
        ]),
      });
      const gateway = await startGateway({ scollect });
      const { data } = await gateway.query(portfolioOf('{ id }'));
      expect(data.portfolio.accounts.edges[0].node.phones).toEqual(phones.map(({ id }) => ({ id })));
      expect(gateway.calls().filter((path) => path.includes('getphones'))).toEqual([]);
      expect(query).toBeDefined();
    });
  });

  it('of a text that is no number is one as well, and of a blank one that of the record', async () => {
    const getphones = wrapped([
      { id: 1, phonenumber: 'ask wife' },
      { id: 2, phonenumber: ' ' },
      { id: 3, phonenumber: '' },
      { id: null, phonenumber: '' },
    ]);
    const { query } = await startGateway({ scollect: await startCorpusUpstream('scollect', { getphones }) });
    const { data } = await query('{ account(fileNumber: "R1") { phones { id rawNumber } } }');
    const shown = data.account.phones.map(({ id }: Shown) => decoded(id));
    expect(shown[0]).toMatch(/^Phone:S:R1:[\w-]{22}$/);
    expect(shown.slice(1, 3)).toEqual(['Phone:S:R1:2', 'Phone:S:R1:3']);
    const again = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Phone { rawNumber } } }', {
      ids: data.account.phones.map(({ id }: Shown) => id),
    });
    expect(again.data.nodes).toEqual(data.account.phones);
  });

  it('of earlier versions, with Scollect’s number, still finds it', async () => {
    const getphones = wrapped([
      { id: 15172120, phonenumber: '407-253-7828' },
      { id: 15172121, phonenumber: '614-555-0142' },
    ]);
    const { query } = await startGateway({ scollect: await startCorpusUpstream('scollect', { getphones }) });
    const { data, errors } = await query(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Phone { phoneId number } } }',
      { ids: ['Phone:S:R1:15172121', 'Phone:S:R1:015172120', 'Phone:S:R1:15172122'].map(encoded) },
    );
    expect(errors).toBeUndefined();
    expect(data.nodes).toEqual([
      { phoneId: '15172121', number: '+16145550142' },
      { phoneId: '15172120', number: '+14072537828' },
      null,
    ]);
  });
});

describe('After a mutation', () => {
  it('the phone of an account has the id of later reads', async () => {
    const { query } = await startGateway({ scollect: await startSandboxedScollect() });
    const number = '614-555-9876';
    const changed = 'phone { id phoneId status }';
    const added = await query(mutationOf('addAccountPhone', changed), {
      input: { fileNumber: 'R3013', number, type: 'CELL', status: 'UNKNOWN', origin: 'USER' },
    });
    const updated = await query(mutationOf('updateAccountPhone', changed), {
      input: { fileNumber: 'R3013', number, status: 'Disconnected' },
    });
    const { data } = await query('{ account(fileNumber: "R3013") { phones { id phoneId status } } }');
    const { phone } = updated.data.updateAccountPhone;
    expect(data.account.phones).toContainEqual(phone);
    expect(phone).toMatchObject({ id: added.data.addAccountPhone.phone.id, status: 'Disconnected' });
  });

  it('the phone of a borrower has it too, and a deletion returns it', async () => {
    const { query } = await startGateway({ recoveryConnect: await startSandboxedRecoveryConnect() });
    const borrower = { orderId: '057062885', borrowerId: '124927241' };
    const added = await query(mutationOf('addBorrowerPhone', 'phone { id phoneId }'), {
      input: { ...borrower, typeId: '6', number: '678-932-1599' },
    });
    const { id, phoneId } = added.data.addBorrowerPhone.phone;
    const updated = await query(mutationOf('updateBorrowerPhone', 'phone { id }'), {
      input: { ...borrower, phoneId: `00${phoneId}`, memo: 'work' },
    });
    expect(updated.data.updateBorrowerPhone.phone.id).toBe(id);
    const list = '{ order(orderId: "57062885") { borrowers { phones { id } } } }';
    const idsNow = async (): Promise<string[]> => {
      const { data } = await query(list);
      return data.order.borrowers.flatMap(({ phones }: { phones: Shown[] }) => phones.map((one) => one.id));
    };
    expect(await idsNow()).toContain(id);
    const deleted = await query(mutationOf('deleteBorrowerPhone', 'deletedId phoneId'), {
      input: { ...borrower, phoneId: `0${phoneId}` },
    });
    expect(deleted.data.deleteBorrowerPhone).toEqual({
      __typename: 'DeleteBorrowerPhoneSuccess',
      deletedId: id,
      phoneId,
    });
    expect(await idsNow()).not.toContain(id);
  });
});
