import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLInputType,
  Kind,
  type OperationDefinitionNode,
  parse,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { protocolVersions } from '../../src/http/mcp/protocol.ts';
import type { Random } from '../../src/sandbox/random.ts';
import { schema } from '../../src/schema/schema.ts';
import { root } from '../support/root.ts';
import { oddBody } from './bodies.ts';
import { broken } from './broken-text.ts';
import { byShare, oneOf, type Shares, times } from './chance.ts';
import { writeQuery } from './documents.ts';
import { accepts, type Header, someExtras } from './headers.ts';
import type { WholeContent } from './request.ts';
import { anyAsked, common, type Kinds, methods, post, withHeaders, withoutProof } from './requests.ts';
import { hostileText } from './texts.ts';
import { anyJson, hugeJson, jsonOf, oddKeys, someValue } from './values.ts';

/** A tool with the types of its arguments. */
interface FuzzedTool {
  readonly name: string;
  readonly inputs: readonly (readonly [name: string, type: GraphQLInputType])[];
}

const inputOf = ({ variable, type }: VariableDefinitionNode): FuzzedTool['inputs'][number] => [
  variable.name.value,
  typeFromAST(schema, type as Parameters<typeof typeFromAST>[1]) as GraphQLInputType,
];

const documents = JSON.parse(readFileSync(join(root, 'deploy/mcp/documents.json'), 'utf8')) as object;

const tools: readonly FuzzedTool[] = Object.values(documents).map((text: string) => {
  const operation = parse(text).definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  return { name: operation?.name?.value ?? '', inputs: operation?.variableDefinitions?.map(inputOf) ?? [] };
});

type Message = Readonly<Record<string, unknown>>;

/** Ids come back in answers, so they may be anything. */
const idOf = (random: Random, canary: string): unknown =>
  byShare<() => unknown>(random, [
    [8, () => random.integer(0, 100)],
    [4, () => oneOf(random, ['a', '', canary, '__proto__', '\ud83d', 'x'.repeat(256)])],
    [1, () => oneOf(random, [null, 1.5, true, canary.repeat(20), [], { [canary]: canary }, 2 ** 53, -1])],
  ])();

const request = (random: Random, canary: string, method: string, params?: unknown): Message => ({
  jsonrpc: '2.0',
  id: idOf(random, canary),
  method,
  ...(params !== undefined && { params }),
});

const argumentsFor = (random: Random, canary: string, { inputs }: FuzzedTool): Record<string, unknown> =>
  Object.fromEntries(inputs.map(([name, type]) => [name, someValue(random, canary, type, [name])]));

const callOf = (random: Random, canary: string): Message => {
  const tool = oneOf(random, tools);
  const input = argumentsFor(random, canary, tool);
  return request(random, canary, 'tools/call', { name: tool.name, arguments: input });
};

/** Arguments that are none, or other ones, or with members that mean something to JavaScript. */
const oddCallOf = (random: Random, canary: string): Message => {
  const tool = oneOf(random, tools);
  const input = argumentsFor(random, canary, tool);
  const value = random.chance(0.2) ? hugeJson(random, canary) : anyJson(random, canary);
  const key = oneOf(random, [...tool.inputs.map(([name]) => name), ...oddKeys, canary]);
  return request(random, canary, 'tools/call', {
    name: tool.name,
    // A member by this name, not the prototype.
    arguments: random.chance(0.3) ? value : { ...input, ...Object.fromEntries([[key, value]]) },
    ...(random.chance(0.2) && { _meta: anyJson(random, canary), task: anyJson(random, canary, 1) }),
  });
};

const unknownCallOf = (random: Random, canary: string): Message => {
  const names = [...oddKeys, canary, 'AccountOverview ', 'accountoverview', 'charge-stored-method', 'Two'];
  const name = random.chance(0.7) ? oneOf(random, names) : anyJson(random, canary, 2);
  return request(random, canary, 'tools/call', random.chance(0.9) ? { name, arguments: {} } : name);
};

const rpcMethods = [
  'initialize',
  'initialize/invalid',
  'ping',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/read',
  'resources/subscribe',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'roots/list',
  'sampling/createMessage',
  'elicitation/create',
  'tasks/get',
  'tasks/cancel',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  '$/cancelRequest',
  ...oddKeys,
];

const initializeOf = (random: Random, canary: string): Message =>
  request(random, canary, 'initialize', {
    protocolVersion: oneOf(random, [...protocolVersions, canary, 1, null]),
    capabilities: random.chance(0.7) ? {} : anyJson(random, canary),
    clientInfo: { name: hostileText(random, canary), version: canary, icons: anyJson(random, canary, 1) },
  });

const oddMessageOf = (random: Random, canary: string): Message => {
  const method = random.chance(0.9) ? oneOf(random, rpcMethods) : hostileText(random, canary);
  const params = random.chance(0.8) ? anyJson(random, canary) : hugeJson(random, canary);
  const message = { ...request(random, canary, method, params), extra: canary };
  return byShare<() => Message>(random, [
    [6, () => message],
    [2, () => ({ ...message, id: undefined })],
    [1, () => ({ ...message, method: anyJson(random, canary, 1) })],
    [1, () => ({ ...message, jsonrpc: anyJson(random, canary, 1) })],
    [1, () => ({ jsonrpc: '2.0', id: idOf(random, canary), result: anyJson(random, canary) })],
    [1, () => ({ jsonrpc: '2.0', id: idOf(random, canary), error: anyJson(random, canary) })],
  ])();
};

const messages: Shares<(random: Random, canary: string) => Message> = [
  [4, callOf],
  [2, oddCallOf],
  [1, unknownCallOf],
  [2, initializeOf],
  [3, oddMessageOf],
  [1, (random, canary) => request(random, canary, 'tools/list', { cursor: canary })],
];

const anyMessage = (random: Random, canary: string): Message => byShare(random, messages)(random, canary);

/** Mostly with different ids, as a batch must have. */
const batchOf = (random: Random, canary: string): unknown[] => {
  const count = oneOf(random, [0, 1, 2, 3, 5, 20, 21]);
  const isNumbered = random.chance(0.8);
  return times(count, (index) => {
    if (random.chance(0.03)) return anyJson(random, canary);
    const message = anyMessage(random, canary);
    return isNumbered && 'id' in message ? { ...message, id: index } : message;
  });
};

const versions = [...protocolVersions, '2025-06-19', '9999-99-99', '', ' ', '2025-11-25, 2025-06-18'];

const ofProtocol = (random: Random, canary: string): readonly Header[] => [
  ['mcp-protocol-version', random.chance(0.9) ? oneOf(random, versions) : canary],
  ...(random.chance(0.2) ? [['mcp-session-id', canary] as const] : []),
  ...(random.chance(0.2) ? [['last-event-id', canary] as const] : []),
];

const send = (random: Random, canary: string, body: Buffer | string): WholeContent => {
  const plain = post(random, canary, body, '/mcp');
  const accept = ['accept', 'application/json, text/event-stream'] as const;
  const version = ['mcp-protocol-version', oneOf(random, protocolVersions)] as const;
  return withHeaders(plain, random.chance(0.7) ? [accept] : [accept, version]);
};

const sendMessage = (random: Random, canary: string, message: unknown): WholeContent =>
  send(random, canary, jsonOf(message));

const metadata = '/.well-known/oauth-protected-resource';

const targets = [
  '/mcp',
  '/mcp/',
  '/x/mcp',
  '//mcp',
  '/MCP',
  '/mcp/sse',
  '/mcp/messages',
  '/%6dcp',
  '/mcp%2f',
  '/x/../mcp',
  '/sse',
  metadata,
  `${metadata}/`,
  `${metadata}/mcp`,
  `${metadata}/mcp/`,
  `${metadata}//mcp`,
  `${metadata}/x/mcp`,
  `${metadata}/graphql`,
  `${metadata}/%6dcp`,
  '/.well-known/oauth-authorization-server',
  '/.well-known/oauth-authorization-server/mcp',
  '/.well-known/openid-configuration',
];

const byAnyMethod = (random: Random, canary: string): WholeContent => {
  const method = random.chance(0.5) ? 'GET' : oneOf(random, methods);
  const isBodiless = ['GET', 'HEAD'].includes(method) || random.chance(0.4);
  return {
    method,
    target: oneOf(random, targets) + oneOf(random, ['', '', '?', `?${canary}=${canary}`, '?sessionId=1']),
    headers: [
      ...common(random, canary).filter(() => random.chance(0.7)),
      ['accept', oneOf(random, accepts)],
      ...ofProtocol(random, canary),
      ...someExtras(random, canary),
    ],
    body: isBodiless ? null : Buffer.from(jsonOf(anyMessage(random, canary))),
  };
};

/** Requests for `/mcp`, and some for operations, of which the tools are made. */
export const toolKinds: Kinds = [
  [30, ['tool call', (random, canary) => sendMessage(random, canary, callOf(random, canary))]],
  [14, ['odd arguments', (random, canary) => sendMessage(random, canary, oddCallOf(random, canary))]],
  [4, ['unknown tool', (random, canary) => sendMessage(random, canary, unknownCallOf(random, canary))]],
  [4, ['initialize', (random, canary) => sendMessage(random, canary, initializeOf(random, canary))]],
  [10, ['odd message', (random, canary) => sendMessage(random, canary, oddMessageOf(random, canary))]],
  [8, ['batch', (random, canary) => sendMessage(random, canary, batchOf(random, canary))]],
  [
    7,
    [
      'broken message',
      (random, canary) => send(random, canary, broken(random, jsonOf(anyMessage(random, canary)))),
    ],
  ],
  [
    5,
    ['odd body', (random, canary) => send(random, canary, oddBody(random, canary, anyAsked(random, canary)))],
  ],
  [
    8,
    [
      'odd headers',
      (random, canary) =>
        withHeaders(sendMessage(random, canary, anyMessage(random, canary)), [
          ...ofProtocol(random, canary),
          ...someExtras(random, canary),
        ]),
    ],
  ],
  [6, ['odd method and address', byAnyMethod]],
  [
    5,
    [
      'odd authorization',
      (random, canary) =>
        withoutProof(random, canary, sendMessage(random, canary, anyMessage(random, canary))),
    ],
  ],
  [
    3,
    [
      'client that leaves',
      (random, canary) => ({
        ...sendMessage(random, canary, random.chance(0.5) ? batchOf(random, canary) : callOf(random, canary)),
        leavesAfter: random.integer(0, 40),
      }),
    ],
  ],
  [4, ['query', (random, canary) => post(random, canary, jsonOf(writeQuery(random, canary)))]],
];
