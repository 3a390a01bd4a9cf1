import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { onTestFinished } from 'vitest';
import type { McpLogIn } from '../../src/config/mcp-settings.ts';
import { openMcp } from '../../src/http/mcp/open-mcp.ts';
import { serve } from '../../src/http/server.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { silentLog, startGateway } from './gateway.ts';
import { temporaryFolder } from './temporary-folder.ts';

type Options = NonNullable<Parameters<typeof startGateway>[0]>;

/** The trusted documents of the tests, by their ids. */
export const toolDocuments: Readonly<Record<string, string>> = {
  account: `query AccountByNumber($fileNumber: String!, $first: Int = 5) {
    account(fileNumber: $fileNumber) {
      fileNumber status currentBalance
      borrower { fullName ssn dateOfBirth }
      notes(first: $first) { totalCount edges { node { body collectorName } } }
    }
  }`,
  orders: 'query OrderById($orderId: ID!) { order(orderId: $orderId) { orderId borrowers { fullName } } }',
  pay: `mutation ChargeAccount($input: RunPaymentInput!) { runPayment(input: $input) {
    __typename ... on RunPaymentSuccess { approvalCode result } ... on MutationError { code message }
    ... on InvalidInputError { fields { path message } } } }`,
  note: `mutation AddNote($input: AddNoteInput!) { addNote(input: $input) {
    __typename ... on AddNoteSuccess { account { fileNumber } } ... on MutationError { code message } } }`,
  hidden: 'query Hidden { portfolios { name } }',
};

export const toolEntries: Readonly<Record<string, object>> = {
  AccountByNumber: { title: 'Account', description: 'Reads one account.' },
  OrderById: {},
  ChargeAccount: { write: true },
  AddNote: { write: true, destructive: false },
};

export interface ToolOptions {
  readonly documents?: Readonly<Record<string, string>>;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly maxResultBytes?: number;
  /** By default, clients are configured with a token. */
  readonly logIn?: McpLogIn | null;
}

/** Opens tools of documents, with their file in a folder of its own. */
export const openTestMcp = async ({
  documents = toolDocuments,
  entries = toolEntries,
  maxResultBytes = 100_000,
  logIn = null,
}: ToolOptions = {}) => {
  const file = join(temporaryFolder(), 'tools.json');
  writeFileSync(file, JSON.stringify(entries));
  const persisted = { documents: new Map(Object.entries(documents)), only: true };
  const options = { file, documents: persisted, log: silentLog, intervalMs: 20 };
  const mcp = await openMcp({ ...options, maxResultBytes, logIn });
  onTestFinished(() => mcp.close());
  return { mcp, file, persisted };
};

export type Headers = Readonly<Record<string, string>>;

/** Connects the client of the SDK. */
export const connectClient = async (url: string | URL, headers: Headers = {}) => {
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } });
  const client = new Client({ name: 'test', version: '1.0.0' });
  // The types of the SDK are not made for exact optional properties.
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  onTestFinished(() => client.close());
  return { client, transport };
};

/** A gateway with tools before the sandbox, over HTTP. */
export const startMcp = (options: Options = {}, tools: ToolOptions = {}) =>
  startMcpBy(startGateway, options, tools);

/** The same, for a gateway that is started with more around it. */
export const startMcpBy = async <Started extends Awaited<ReturnType<typeof startGateway>>>(
  start: (options: Options) => Promise<Started>,
  options: Options = {},
  tools: ToolOptions = {},
) => {
  const opened = await openTestMcp(tools);
  const sandbox = options.scollect ? undefined : await startSandbox();
  if (sandbox) onTestFinished(() => sandbox.close());
  const started = await start({ ...(sandbox && { sandbox }), mcp: opened.mcp, ...options });
  const server = await serve(started.gateway.handle, { port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.cut());
  const url = `http://127.0.0.1:${server.address.port}`;
  const post = (body: unknown, headers: Headers = {}) =>
    fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const call = async (name: string, input: unknown, headers: Headers = {}) => {
    const response = await post(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } },
      headers,
    );
    // biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
    return (await response.json()) as any;
  };
  return { ...started, ...opened, url, post, call, sandbox };
};
