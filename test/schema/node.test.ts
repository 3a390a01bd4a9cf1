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

const scollectWithAddresses = () =>
  startCorpusUpstream('scollect', {
    getaccount: {
      json: {
        result: [
          {
            ...r1050,
            address: '1 Main St',
            employer: 'ACME',
            employercity: 'Marfa',
            jointaddress: '2 Main St',
            jointemployer: 'ACME 2',
            jointemployeraddress: '3 Main St',
            attorneyaddress: '4 Main St',
            courtaddress: '5 Main St',
            makepayabletoaddress: '6 Main St',
          },
        ],
        state: 'SUCCESS',
      },
    },
  });

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

  it('gives again what is in a list of an account or an order', async () => {
    const { query } = await startGateway({ scollect: await scollectWithAddresses() });
    const { data, errors } = await query(`{
      account(fileNumber: "R1050") {
        notes(first: 2) { edges { node { id body } } }
        emails { edges { node { id eventType } } }
        borrower { addresses { id line1 } employer { address { id city } } }
        coBorrowers { addresses { id line1 } employer { address { id line1 } } }
        attorney { address { id line1 } }
        court { address { id line1 } }
        payee { address { id line1 } }
      }
      order(orderId: "20") {
        photos { id name }
        collaterals { id vin }
        specialInstructions { id content }
        clientOffice { id name }
        borrowers { addresses { id name } }
      }
    }`);
    expect(errors).toBeUndefined();
    const { account, order } = data;
    const [joint] = account.coBorrowers;
    const things = [
      ...account.notes.edges.map(({ node }: { node: object }) => ['Note', node]),
      ...account.emails.edges.map(({ node }: { node: object }) => ['EmailEvent', node]),
      ['Address', account.borrower.addresses[0]],
      ['Address', account.borrower.employer.address],
      ['Address', joint.addresses[0]],
      ['Address', joint.employer.address],
      ['Address', account.attorney.address],
      ['Address', account.court.address],
      ['Address', account.payee.address],
      ['Photo', order.photos[0]],
      ['Collateral', order.collaterals[0]],
      ...order.specialInstructions.map((node: object) => ['SpecialInstruction', node]),
      ['Address', order.clientOffice],
      ['Address', order.borrowers[0].addresses[0]],
      ['Address', order.borrowers[0].addresses[1]],
    ] as [string, { id: string }][];
    expect(things.length).toBeGreaterThan(17);
    expect(new Set(things.map(([, { id }]) => id)).size).toBe(things.length);
    const { data: again, errors: others } = await query(
      `query ($ids: [ID!]!) { nodes(ids: $ids) {
        __typename id
        ... on Note { body } ... on EmailEvent { eventType } ... on Photo { name order { orderId } }
        ... on Collateral { vin } ... on SpecialInstruction { content }
        ... on Address { name line1 city }
      } }`,
      { ids: things.map(([, { id }]) => id) },
    );
    expect(others).toBeUndefined();
    expect(again.nodes).toEqual(
      things.map(([typeName, thing]) => expect.objectContaining({ __typename: typeName, ...thing })),
    );
    expect(again.nodes).toContainEqual(expect.objectContaining({ order: { orderId: '20' } }));
  });

  it('reads the list of the parent, and what is selected below at the same time', async () => {
    const { query, calls } = await startGateway();
    const callsOf = async (id: string, selection = '{ id }'): Promise<string[]> => {
      const before = calls().length;
      const encoded = Buffer.from(id).toString('base64url');
      const { data, errors } = await query(`{ node(id: "${encoded}") ${selection} }`);
      expect(errors).toBeUndefined();
      expect([id, data.node]).not.toEqual([id, null]);
      return calls().slice(before);
    };
    expect(await callsOf('Note:S:R1000:34610632')).toHaveLength(1);
    expect(await callsOf('EmailEvent:S:R1166:2098037')).toHaveLength(1);
    expect(await callsOf('Photo:R:57076503:180461378')).toHaveLength(1);
    expect(await callsOf('Photo:R:57076503:180461378', '{ ... on Photo { order { status } } }')).toHaveLength(
      2,
    );
    expect(await callsOf('Collateral:R:57062885:58842868')).toHaveLength(1);
    expect(await callsOf('Address:R:57062885:124927241:219114267')).toHaveLength(1);
  });

  it('distinguishes rows without a number by their content, and equal ones by their place', async () => {
    const notes = [
      { logmessage: 'Called.', collectorname: 'SECRETNAME' },
      { id: 7, logmessage: 'Called.', collectorname: 'SECRETNAME' },
      { logmessage: 'Called.', collectorname: 'SECRETNAME' },
      { id: 7, logmessage: 'Called again.', collectorname: 'SECRETNAME' },
      { logmessage: 'Left a message.', collectorname: 'SECRETNAME' },
    ];
    const answer = { json: { result: notes, state: 'SUCCESS' } };
    const { query } = await startGateway({
      scollect: await startCorpusUpstream('scollect', { getnotes: answer }),
    });
    const { data } = await query('{ account(fileNumber: "R1") { notes { edges { node { id body } } } } }');
    const shown = data.account.notes.edges.map(({ node }: { node: { id: string } }) => node);
    const all: string[] = shown.map(({ id }: { id: string }) => id);
    expect(new Set(all).size).toBe(notes.length);
    const plain = all.map((id) => Buffer.from(id, 'base64url').toString());
    expect(plain.join(' ')).not.toMatch(/SECRET|Called|message/);
    expect(plain[1]).toBe('Note:S:R1:7');
    expect(plain[3]).toBe('Note:S:R1:7:2');
    expect(plain[2]).toBe(`${plain[0]}:2`);
    const again = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Note { body } } }', {
      ids: all,
    });
    expect(again.data.nodes).toEqual(shown);
  });

  it('fails, and is not null, where a row of the list is incomplete', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      listOrderPhotos: { json: { data: [{ name: 'no number' }, { id: 5 }] } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const idOf = (photo: string) => Buffer.from(`Photo:R:20:${photo}`).toString('base64url');
    const { data, errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }', {
      ids: [idOf('5'), idOf('6')],
    });
    expect(data.nodes).toEqual([{ __typename: 'Photo' }, null]);
    expect(errors).toMatchObject([
      { path: ['nodes', 1], extensions: { code: 'UPSTREAM_BAD_RESPONSE', operation: 'listOrderPhotos' } },
    ]);
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
        getnotes: nothing,
        getemails: nothing,
        getportfoliolist: nothing,
      }),
      recoveryConnect: await startCorpusUpstream('recoveryconnect', {
        filterOrders: { json: { data: [] } },
        filterAssignments: { json: { data: [] } },
        listOrderBorrowers: { json: { data: [] } },
        listBorrowerAddresses: { json: { data: [] } },
        listOrderPhotos: { json: { data: [] } },
        listOrderCollaterals: { json: { data: [] } },
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
      'Note:S:R9:1',
      'EmailEvent:S:R9:1',
      'Address:S:R9:debtor',
      'Address:R:9:9:9',
      'Address:R:9:9',
      'Photo:R:9:9',
      'Collateral:R:9:9',
      'SpecialInstruction:R:9:9',
      'PendingOutcome:0b9e1e9c-3c57-4d0a-9d7e-3f2a6c0b1d11',
    ];
    const { data, errors } = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: gone.map((id) => Buffer.from(id).toString('base64url')),
    });
    expect(errors).toBeUndefined();
    expect(data.nodes).toEqual(gone.map(() => null));
  });

  it('rejects an invalid id at its own path', async () => {
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
      'Note:R:1:1',
      'Note:S:R1',
      'Note:S:../login:1',
      'EmailEvent:S:R1:1:2:3',
      'Address:S:R1:nowhere',
      'Address:S:R1:debtor:2',
      'Address:R:x:1:2',
      'Address:R:1',
      'Photo:S:R1:1',
      'Photo:R:x:1',
      'Collateral:R:1',
      'SpecialInstruction:R:x:1',
      'SpecialInstruction:R:1',
      'PendingOutcome:1',
      'Company:1',
      'Vehicle:1',
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
