import { describe, expect, it } from 'vitest';
import { securityHeaders } from '../../src/http/steps/security-headers.ts';
import type { WholeRequest } from './request.ts';
import { requestOf } from './requests.ts';
import { faultsOf } from './rules.ts';
import type { Answer } from './send.ts';

const request: WholeRequest = {
  ...requestOf(1, 1, ['id']),
  canary: 'quilm-canary',
  method: 'POST',
  target: '/graphql',
  headers: [],
  body: null,
};

const right: Answer = {
  status: 200,
  statuses: [200],
  headers: { ...securityHeaders, 'content-type': 'application/json; charset=utf-8' },
  body: '{"data":{"account":null}}',
};

const withErrors = (...errors: unknown[]): Partial<Answer> => ({ body: JSON.stringify({ errors }) });

const withMessage = (message: string): Partial<Answer> => withErrors({ message, extensions: { code: 'X' } });

const withStatus = (status: number): Partial<Answer> => ({ status, statuses: [status] });

describe('the rules for answers', () => {
  it.each<[string, Partial<Answer>]>([
    ['data', {}],
    ['an error with a code', withMessage('Expected InvalidInputError.')],
    ['a syntax error', withMessage('Syntax Error: Unexpected Name "x".')],
    ['a result of JSON-RPC', { body: '{"jsonrpc":"2.0","id":"quilm-canary","result":{}}' }],
    ['errors of JSON-RPC', { body: '[{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}}]' }],
    ['no body', { ...withStatus(204), headers: securityHeaders, body: '' }],
    [
      'a figure',
      { headers: { ...securityHeaders, 'content-type': 'text/plain; version=0.0.4' }, body: 'a.js:1' },
    ],
  ])('let %s pass', (_, answer) => {
    expect(faultsOf(request, { ...right, ...answer })).toEqual([]);
  });

  it.each<[string, Partial<Answer>]>([
    ['a status of 500', withStatus(500)],
    ['a status of 503', withStatus(503)],
    ['a second answer of 500 over one connection', { statuses: [200, 500] }],
    ['what is no answer', { status: null, statuses: [] }],
    ['what is not JSON', { body: '{"data":' }],
    ['no errors', withErrors()],
    ['an error without a code', withErrors({ message: 'x' })],
    ['an error without a message', withErrors({ extensions: { code: 'X' } })],
    ['an internal error', withErrors({ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' } })],
    [
      'an internal error of JSON-RPC',
      { body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"x"}}' },
    ],
    ['an error of JSON-RPC without a code', { body: '{"jsonrpc":"2.0","id":1,"error":{"message":"x"}}' }],
    ['neither an error nor a result', { body: '{"jsonrpc":"2.0","id":1}' }],
    [
      'an internal error of a tool',
      { body: '{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"errors":[{"message":"x"}]}}}' },
    ],
    [
      'what it was sent, in a list of JSON-RPC',
      { body: '[{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"quilm-canary"}}]' },
    ],
    ['a stack trace', withMessage('x\n    at run (a:1:2)')],
    ['a stack trace as text', { headers: securityHeaders, body: 'x\n    at run (a:1:2)' }],
    ['a file', withMessage('in gateway.js:12')],
    ['a path', withMessage('in /home/app/recollect')],
    ['a package', withMessage('node_modules')],
    ['a class', withMessage('TypeError: x')],
    ['what an engine says', withMessage("Cannot read properties of undefined (reading 'x')")],
    ['an object that became a text', withMessage('found [object Object]')],
    ['what it was sent', withMessage('found Quilm-Canary')],
    ['what it was sent in a header', { headers: { ...right.headers, 'x-any': 'quilm-canary' } }],
    ['no header of security', { headers: { 'content-type': 'application/json' } }],
    ['429 without a time', withStatus(429)],
  ])('find fault with %s', (_, answer) => {
    expect(faultsOf(request, { ...right, ...answer })).not.toEqual([]);
  });
});
