import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const ids = `{
  account(fileNumber: "R1050") { id borrower { id } coBorrowers { id fullName phones { id number } } phones { id number } portfolio { id name } }
  order(orderId: "20") { id borrowers { id fullName phones { id number } } }
  assignment(assignmentId: "30554") { id }
}`;

const r1050 = {
  filenumber: 'R1050',
  fullname: 'CLAUDIA LAST NAME',
  portfolio: 'C2C PDL TEST',
  jointfullname: 'CLAUDE LASTNAME',
  jointprimaryphone: ' 1231231234',
  jointsecondaryphone: ' ',
  socialsecuritynumber: '111-22-3333',
};
const scollect = () =>
  startCorpusUpstream('scollect', { getaccount: { json: { result: [r1050], state: 'SUCCESS' } } });

describe('Query.node', () => {
  it('gives again whatever has an id', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      getBorrowerPhone: { json: { data: { id: 39317579, number: '887-213-6744' } } },
    });
    const { query } = await startGateway({ scollect: await scollect(), recoveryConnect });
    const { data, errors } = await query(ids);
    expect(errors).toBeUndefined();
    const { account, order, assignment } = data;
    const [joint] = account.coBorrowers;
    const things = [
      ['Account', account.id],
      ['Borrower', account.borrower.id],
      ['Borrower', joint.id],
      ['Phone', joint.phones[0].id],
      ['Phone', account.phones[0].id],
      ['Portfolio', account.portfolio.id],
      ['Order', order.id],
      ['Borrower', order.borrowers[1].id],
      ['Phone', order.borrowers[0].phones[1].id],
      ['Assignment', assignment.id],
    ];
    const wanted = things.map(([, id]) => id);
    expect(new Set(wanted).size).toBe(wanted.length);
    const again = await query(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Borrower { fullName } ... on Portfolio { name } ... on Phone { number } } }`,
      { ids: wanted },
    );
    expect(again.errors).toBeUndefined();
    expect(
      again.data.nodes.map((node: { __typename: string; id: string }) => [node.__typename, node.id]),
    ).toEqual(things);
    expect(again.data.nodes[2].fullName).toBe('CLAUDE LASTNAME');
    expect(again.data.nodes[3].number).toBe('+11231231234');
    expect(again.data.nodes[7].fullName).toBe('test borrower');
    for (const [typeName, id] of things) {
      const one = await query('query ($id: ID!) { node(id: $id) { __typename id } }', { id });
      expect(one.data.node).toEqual({ __typename: typeName, id });
    }
  });

  it('has ids without personal data', async () => {
    const { query } = await startGateway({ scollect: await scollect() });
    const { data } = await query(ids);
    const all = [...JSON.stringify(data).matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) =>
      Buffer.from(id, 'base64url').toString(),
    );
    expect(all.length).toBeGreaterThan(9);
    expect(all.join(' ')).not.toMatch(/CLAUD|NAME|111|3333|123-?123|678|887|1231231234/);
  });

  it('is null, without an error, for what is not there any more', async () => {
    const nothing = { json: { result: { result: [] }, state: 'SUCCESS' } };
    const { query } = await startGateway({
      scollect: await startCorpusUpstream('scollect', {
        getaccount: nothing,
        getphones: nothing,
        getportfoliolist: nothing,
      }),
      recoveryConnect: await startCorpusUpstream('recoveryconnect', {
        filterOrders: { json: { data: [] } },
        filterAssignments: { json: { data: [] } },
        listOrderBorrowers: { json: { data: [] } },
        getBorrowerPhone: { status: 404, json: { message: 'No query results for model [App\\Phone] 1' } },
      }),
    });
    const gone = [
      'Account:R9',
      'Borrower:S:R9:debtor',
      'Phone:S:R9:1',
      'Portfolio:9',
      'Order:9',
      'Borrower:R:9:9',
      'Phone:R:9:9:9',
      'Assignment:9',
    ];
    const { data, errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: gone.map((id) => Buffer.from(id).toString('base64url')),
    });
    expect(errors).toBeUndefined();
    expect(data.nodes).toEqual(gone.map(() => null));
  });

  it('turns away what is no id, in its own place', async () => {
    const { query, calls } = await startGateway();
    const bad = [
      '',
      'CANARY',
      'Account',
      'Account:',
      'Account:R1:2',
      'Account:../login',
      'Order:x',
      'Phone:S:R1',
      'Phone:X:1:2',
      'Borrower:R:1:x',
      'Nothing:1',
      '__proto__:1',
    ];
    const encoded = bad.map((id, index) => (index === 1 ? id : Buffer.from(id).toString('base64url')));
    const { data, errors = [] } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: encoded,
    });
    expect(data.nodes).toEqual(bad.map(() => null));
    expect(errors).toHaveLength(bad.length);
    for (const { path, extensions, message } of errors) {
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(message).not.toContain('CANARY');
      expect(path?.[0]).toBe('nodes');
    }
    expect(calls()).toEqual([]);
    const one = await query('{ node(id: "CANARY") { id } }');
    expect(one.errors).toMatchObject([
      { path: ['node'], extensions: { code: 'BAD_USER_INPUT', argument: 'id' } },
    ]);
  });

  it('lets one that fails leave the others', async () => {
    const { query } = await startGateway({ recoveryConnect: null });
    const [account, order] = ['Account:R1001', 'Order:20'].map((id) => Buffer.from(id).toString('base64url'));
    const { data, errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }', {
      ids: [order, account],
    });
    expect(data.nodes).toEqual([null, { __typename: 'Account' }]);
    expect(errors).toMatchObject([{ path: ['nodes', 0], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });
});
