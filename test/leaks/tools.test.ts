import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { filled, leavesOf, mutations, replacedAt, waysToFill } from '../support/input-types.ts';
import { validValue } from '../support/leaf-values.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tokenFor } from '../support/token.ts';
import { configured, written } from './canaries.ts';
import { leaksAmong, startHunt, together } from './hunt.ts';
import { startIndiscreet } from './indiscreet.ts';

const resource = 'https://recollect.example.com/mcp';
const issuer = 'https://id.example.com';

const account =
  'query AccountTool($fileNumber: String!) { account(fileNumber: $fileNumber) { fileNumber status } }';

const nameOf = (field: string): string => `Tool_${field}`;

/** A file of documents and one of tools: a query, and every mutation. */
const writeTools = (): { readonly documents: string; readonly tools: string } => {
  const folder = temporaryFolder();
  const [documents, tools] = [join(folder, 'documents.json'), join(folder, 'tools.json')];
  const named = mutations.map(({ field, document }) => [
    field,
    document.replace('mutation (', `mutation ${nameOf(field)}(`),
  ]);
  writeFileSync(documents, JSON.stringify({ account, ...Object.fromEntries(named) }));
  const entries = mutations.map(({ field }) => [nameOf(field), { write: true }]);
  writeFileSync(tools, JSON.stringify({ AccountTool: {}, ...Object.fromEntries(entries) }));
  return { documents, tools };
};

const wrongs: readonly unknown[] = [
  written.card,
  Number(written.card),
  { [`card_${written.card}`]: written.SSN },
  [[written['bank account'], written['idempotency key']]],
  configured['API key'],
];

/** Calls with one argument at a time that does not fit. */
const calls = [
  ...wrongs.map((fileNumber) => ({ name: 'AccountTool', arguments: { fileNumber: [fileNumber] } })),
  ...wrongs.map((wrong) => ({ name: 'AccountTool', arguments: wrong })),
  ...wrongs.map((wrong) => ({
    name: 'AccountTool',
    arguments: { fileNumber: 'R1001', [written.card]: wrong },
  })),
  ...wrongs.map((wrong) => ({ name: wrong })),
  ...mutations.flatMap(({ field, type }) => {
    const input = Object(filled(type, validValue, waysToFill(type)[0]));
    return leavesOf(type, input).map(({ path }, index) => ({
      name: nameOf(field),
      arguments: { input: replacedAt(input, path, wrongs[(index + field.length) % wrongs.length]) },
    }));
  }),
];

const messages: readonly unknown[] = [
  ...calls.map((params, id) => ({ jsonrpc: '2.0', id, method: 'tools/call', params })),
  ...wrongs.flatMap((wrong) => [
    { jsonrpc: '2.0', id: 1, method: wrong },
    { jsonrpc: wrong, id: 1, method: 'ping' },
    { jsonrpc: '2.0', id: [wrong], method: 'ping' },
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: { capabilities: wrong, clientInfo: wrong } },
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: wrong } },
    [wrong],
    wrong,
  ]),
];

it('Calls of tools that are refused are repeated nowhere', async () => {
  const { documents, tools } = writeTools();
  const scollect = await startIndiscreet('SCOLLECT');
  const hunt = await startHunt({
    env: {
      SCOLLECT_URL: scollect.url,
      SCOLLECT_API_KEY: configured['API key'],
      SCOLLECT_PIN: configured.PIN,
      MCP: 'true',
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: resource,
      PERSISTED_DOCUMENTS: documents,
      MCP_TOOLS: tools,
    },
  });
  const claims = { iss: issuer, aud: resource, note: written['claim of a token'] };
  const authorizationFor = (scope: string): string => `Bearer ${tokenFor({ ...claims, scope })}`;
  const ask = { path: '/mcp', authorization: authorizationFor(scopes.join(' ')) };
  await together(messages, (message) => hunt.send(JSON.stringify(message), ask));
  await hunt.send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","x":${written.card}x}`, ask);
  await hunt.send(JSON.stringify(messages[0]), { ...ask, headers: { 'mcp-protocol-version': written.card } });
  await hunt.send(JSON.stringify(messages[0]), { path: '/mcp', authorization: `Bearer ${written.card}` });
  // A token that the issuer made for others.
  await hunt.send(JSON.stringify(messages[0]), { path: '/mcp' });
  // A token without the scopes of the tool, and what its client then looks for.
  await together(calls.slice(0, 20), (params) =>
    hunt.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }), {
      path: '/mcp',
      authorization: authorizationFor('pii:read'),
    }),
  );
  const metadata = await hunt.send(undefined, {
    method: 'GET',
    path: `/.well-known/oauth-protected-resource/mcp?x=${written.card}`,
  });
  expect(JSON.parse(metadata.body)).toMatchObject({ resource, authorization_servers: [issuer] });
  const statuses = [...new Set(hunt.answers.map(({ status }) => status))].sort();
  expect(statuses).toEqual([200, 202, 400, 401, 403]);
  const refused = hunt.answers.filter(({ body }) => /"isError":true|"error"/.test(body));
  expect(refused.length).toBeGreaterThan(messages.length * 0.7);
  const outputs = await hunt.end();
  expect(leaksAmong([...hunt.answers, ...outputs], hunt.secrets())).toEqual([]);
}, 60_000);
