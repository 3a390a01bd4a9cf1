import { getNamedType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { schema } from '../../src/schema/schema.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { filled, mutations } from '../support/input-types.ts';
import { validValue } from '../support/leaf-values.ts';
import { argumentsOf, costOf, idOf } from './asked.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const objectTypes = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'));

/** Every way of reaching things of a type, with rows that tell more or less of them; `_` stands for the selection. */
const ways: Readonly<Record<string, readonly string[]>> = {
  Query: ['_'],
  Portfolio: [
    'portfolio(name: "C2C PDL TEST") _',
    `node(id: "${idOf('Portfolio', '709')}") { ... on Portfolio _ }`,
  ],
  Account: [
    'account(fileNumber: "R3013") _',
    'accounts(fileNumbers: ["R3013", "R1050"]) _',
    'accountsBySsn(ssn: "912-22-1084") _',
    'accountsByPhone(number: "217-555-0100") _',
    'portfolio(name: "C2C PDL TEST") { accounts(first: 3) { edges { node _ } } }',
    `node(id: "${idOf('Account', 'R1050')}") { ... on Account _ }`,
    `node(id: "${idOf('Phone', 'S', 'R3013', '15172120')}") { ... on Phone { account _ } }`,
    'order(orderId: "56100013") { accounts { account _ } }',
  ],
  Borrower: [
    'account(fileNumber: "R3013") { borrower _ }',
    'account(fileNumber: "R1050") { coBorrowers _ }',
    'accountsByPhone(number: "217-555-0100") { borrower _ }',
    'portfolio(name: "C2CLA 12.1.22") { accounts { edges { node { borrower _ } } } }',
    'portfolio(name: "C2CLA 12.1.22") { accounts { edges { node { coBorrowers _ } } } }',
    'order(orderId: "56100013") { borrowers _ }',
    'order(orderId: "56100003") { borrower(borrowerId: "124950008") _ }',
    `node(id: "${idOf('Borrower', 'S', 'R1050', 'joint')}") { ... on Borrower _ }`,
    `node(id: "${idOf('Borrower', 'R', '56100003', '124950008')}") { ... on Borrower _ }`,
    `node(id: "${idOf('Phone', 'S', 'R1050', 'jointprimaryphone')}") { ... on Phone { borrower _ } }`,
    `node(id: "${idOf('Phone', 'R', '56100003', '124950008', '38000008')}") { ... on Phone { borrower _ } }`,
    'order(orderId: "56100003") { accounts { matchedBy { borrower _ } } }',
  ],
  Phone: [
    'account(fileNumber: "R3013") { phones _ }',
    'account(fileNumber: "R1050") { coBorrowers { phones _ } }',
    'accountsByPhone(number: "217-555-0100") { phones _ }',
    // Its row tells so little of a phone that almost any field would have the list asked for.
    'portfolio(name: "C2C PDL TEST") { accounts(first: 3) { edges { node { phones { type } phones _ } } } }',
    'order(orderId: "56100003") { borrowers { phones _ } }',
    'order(orderId: "56100003") { borrower(borrowerId: "124950008") { phone(phoneId: "38000008") _ } }',
    'order(orderId: "56100003") { borrower(borrowerId: "124950008") { phone(phoneId: "38000008") _ b: phone(phoneId: "38000009") _ phones { number } } }',
    `node(id: "${idOf('Phone', 'S', 'R1050', 'jointprimaryphone')}") { ... on Phone _ }`,
    `node(id: "${idOf('Phone', 'R', '56100003', '124950008', '38000008')}") { ... on Phone _ }`,
    'order(orderId: "56100003") { accounts { matchedBy { phone _ } } }',
  ],
  Order: [
    'order(orderId: "56100013") _',
    'orders(first: 3) { edges { node _ } }',
    'account(fileNumber: "R3013") { orders { edges { node _ } } }',
    `node(id: "${idOf('Order', '56100013')}") { ... on Order _ }`,
    `node(id: "${idOf('Borrower', 'R', '56100003', '124950008')}") { ... on Borrower { order _ } }`,
    'assignment(assignmentId: "57074903") { order _ }',
  ],
  Assignment: [
    'assignment(assignmentId: "57074903") _',
    'order(orderId: "57062885") { assignments _ }',
    'orders(first: 3) { edges { node { assignments _ } } }',
    `node(id: "${idOf('Assignment', '57074903')}") { ... on Assignment _ }`,
  ],
  Photo: [
    'order(orderId: "57062885") { photos _ }',
    'account(fileNumber: "R3013") { orders { edges { node { photos _ } } } }',
  ],
  Address: [
    'account(fileNumber: "R3013") { borrower { addresses _ } }',
    'accountsByPhone(number: "217-555-0100") { borrower { addresses _ } }',
    'accountsByPhone(number: "217-555-0100") { borrower { employer { address _ } } }',
    'accountsByPhone(number: "217-555-0100") { court { address _ } }',
    'order(orderId: "56100013") { clientOffice _ borrowers { addresses _ } }',
  ],
  Employer: ['accountsByPhone(number: "217-555-0100") { borrower { employer _ } }'],
  AccountConnection: ['portfolio(name: "C2C PDL TEST") { accounts _ }'],
  OrderConnection: ['orders(first: 3) _'],
  AccountOrderEdge: [
    'account(fileNumber: "R3013") { orders { edges _ } }',
    'accountsByPhone(number: "217-555-0100") { orders { edges _ } }',
    'portfolio(name: "C2C PDL TEST") { accounts(first: 3) { edges { node { orders { edges _ } } } } }',
  ],
  AccountLink: ['order(orderId: "56100013") { accounts _ }', 'order(orderId: "57062885") { accounts _ }'],
  PhoneMatch: ['order(orderId: "56100013") { accounts { matchedBy _ } }'],
};

// Told by the row of an account, whatever that is.
for (const [field, type] of [
  ['fees', 'AccountFees'],
  ['work', 'AccountWork'],
  ['attorney', 'Attorney'],
  ['court', 'Court'],
  ['judgment', 'Judgment'],
  ['garnishment', 'Garnishment'],
  ['lien', 'Lien'],
  ['bankruptcy', 'Bankruptcy'],
  ['verification', 'AccountVerification'],
  ['payee', 'Payee'],
  ['portfolioEntry', 'PortfolioEntry'],
] as const) {
  Object.assign(ways, {
    [type]: ['account(fileNumber: "R1050")', 'accountsByPhone(number: "217-555-0100")'].map(
      (account) => `${account} { ${field} _ }`,
    ),
  });
}

const fieldsOf = (typeName: string) => {
  const type = schema.getType(typeName);
  return isObjectType(type) ? Object.values(type.getFields()) : [];
};

type Field = ReturnType<typeof fieldsOf>[number];

const selectionOf = (field: Field): string =>
  `${field.name}${argumentsOf(field)} ${isLeafType(getNamedType(field.type)) ? '' : '{ __typename }'}`;

/** Whether a field declares what it reads or calls. */
const mayCost = ({ extensions }: Field): boolean => 'cost' in extensions;

describe('the costs of fields', () => {
  it('know every mutation, and all that leads from one to what can be asked for', () => {
    const successes = objectTypes.filter(({ name }) => name.endsWith('Success'));
    const leading = [...successes, schema.getType('Mutation')].flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields())
            .filter((field) => type.name === 'Mutation' || getNamedType(field.type).name in ways)
            .map((field) => [`${type.name}.${field.name}`, mayCost(field)] as const)
        : [],
    );
    expect(leading.length).toBeGreaterThan(30);
    // Its row is all that there is of it.
    const costless = ['UpdateAssignmentSuccess.assignment'];
    expect(leading.filter(([, may]) => !may).map(([name]) => name)).toEqual(costless);
  });

  it.each(Object.entries(ways).flatMap(([typeName, some]) => some.map((way) => [typeName, way] as const)))(
    'are not exceeded by any field of %s by %s',
    { timeout: 60_000 },
    async (typeName, way) => {
      const gateway = await startGateway({ sandbox, operationLimits: { maxUpstreamCalls: 100_000 } });
      const ask = (selection: string) =>
        costOf(
          gateway,
          `{ ${way.replaceAll('_', `{ __typename ${selection} }`).replace(/^\{(.*)\}$/s, '$1')} }`,
        );
      const base = await ask('');
      expect(base.reply.data).toBeTruthy();
      for (const field of fieldsOf(typeName)) {
        const { made, cost, reply } = await ask(selectionOf(field));
        expect(reply.data, field.name).toBeTruthy();
        const coordinates = `${typeName}.${field.name}`;
        expect(made, `${coordinates} makes more calls than its cost declares`).toBeLessThanOrEqual(
          cost.upstreamCalls,
        );
        if (made > base.made) {
          expect(mayCost(field), `${coordinates} makes calls: declare its cost`).toBe(true);
        }
      }
    },
  );

  it.each(mutations.map((mutation) => [mutation.field, mutation] as const))(
    'are not exceeded by %s, nor by anything that is read of its result',
    { timeout: 60_000 },
    async (name, { type }) => {
      const scollect = await startCorpusUpstream('scollect');
      const recoveryConnect = await startCorpusUpstream('recoveryconnect');
      const gateway = await startGateway({ scollect, recoveryConnect });
      const input = filled(type, validValue, ['BankAccountInput', 'BankAccountChangesInput']);
      const successName = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Success`;
      const below = fieldsOf(successName).flatMap((field) => {
        const inner = getNamedType(field.type);
        if (!isObjectType(inner)) return [field.name];
        return Object.values(inner.getFields()).map((one) => `${field.name} { ${selectionOf(one)} }`);
      });
      for (const selection of below) {
        const keyed = 'idempotencyKey' in type.getFields() ? { idempotencyKey: selection } : {};
        // Of a borrower who is there, so that nothing is asked for that nobody waits for.
        const placed = 'borrowerId' in type.getFields() ? { borrowerId: '124927241' } : {};
        const document = `mutation ($input: ${type.name}!) { ${name}(input: $input) { __typename ... on ${successName} { ${selection} } } }`;
        const before = gateway.calls().length;
        const { cost, made } = await costOf(gateway, document, {
          input: { ...(input as object), ...keyed, ...placed },
        });
        expect(made).toBe(gateway.calls().length - before);
        expect(cost.made).toBe(made);
        expect(made, `${selection} makes more calls than its cost declares`).toBeLessThanOrEqual(
          cost.upstreamCalls,
        );
        if (name !== 'resolveOutcome') expect([selection, cost.upstreamCalls > 0]).toEqual([selection, true]);
      }
    },
  );
});
