import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/schema.ts';
import {
  AuthFailedError,
  BadInputError,
  BadResponseError,
  CircuitOpenError,
  NotConfiguredError,
  NotFoundError,
  OutcomeUnknownError,
  OverloadedError,
  RateLimitedError,
  RejectedError,
  UnavailableError,
  UpstreamTimeoutError,
} from '../../upstreams/errors.ts';
import { recoveryConnectOperations } from '../../upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../../upstreams/scollect/operations.ts';
import { createRedactor } from './redact.ts';

const redactor = createRedactor({ secrets: ['canary-api-key-Xy1', 'canary-pin-Zw3', 'canary-token-Vu5'] });
const endpoints = Object.values({ ...scollectOperations, ...recoveryConnectOperations });

describe('redaction keeps useful content', () => {
  it.each(endpoints)(
    'log line of $operation: path, status and time are kept',
    ({ system, operation, method, path }) => {
      const line = {
        system,
        operation,
        method,
        path,
        status: 502,
        milliseconds: 1234.5,
        shared: false,
        isSent: true,
      };
      expect(redactor.value(line)).toEqual(line);
      expect(redactor.text(`${method} ${path} answered 502 after 1234 ms`)).toBe(
        `${method} ${path} answered 502 after 1234 ms`,
      );
    },
  );

  it.each(endpoints)('errors of $operation: messages are kept', (call) => {
    const all = [
      new NotConfiguredError(call),
      new UnavailableError(call),
      new CircuitOpenError(call, 7),
      new OverloadedError(call),
      new UpstreamTimeoutError(call),
      new RateLimitedError(call, 7),
      new BadInputError(call),
      new RejectedError(call),
      new NotFoundError(call),
      new BadResponseError(call),
      new AuthFailedError(call),
      new OutcomeUnknownError(call),
    ];
    for (const { message, name } of all) {
      expect(redactor.text(message)).toBe(message);
      expect(redactor.text(name)).toBe(name);
    }
  });

  it('ids and times are kept', () => {
    const line = {
      requestId: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
      errorId: '98765432-1098-4765-9321-09876543210a',
      time: 1795299263878,
      at: '2026-11-21T22:14:23.878Z',
      path: ['account', 'payments', 'edges', 12, 'node', 'amount'],
      fileNumber: 'R1001',
      orderId: '57062885',
    };
    expect(redactor.value(line)).toEqual(line);
    const message = `Unexpected error, logged as ${line.errorId}.`;
    expect(redactor.text(message)).toBe(message);
  });

  it.each([
    'token: missing, although SCOLLECT_URL is set.',
    'ssn: expected all nine digits.',
    'card.number: Expected a number of 13 to 19 digits.',
    'Authorization: expected Bearer and a token.',
    'Authorization: expected a bearer token.',
    'The token is not of this issuer.',
    'AUTH_DISABLED: expected true, with a loopback HOST: an upstream is set.',
    'number: expected a number of North America, as in 678-932-1578.'.replace('678-932-1578', '…'),
    'Cannot query field "ssn" on type "Account". Did you mean "id"?',
    'Variable "$cardNumber" of required type "CardNumber!" was not provided.',
    'Syntax Error: Expected Name, found "}".',
    'Field "account" argument "fileNumber" of type "String!" is required, but it was not provided.',
  ])('message is kept: %s', (sentence) => {
    expect(redactor.text(sentence)).toBe(sentence);
  });

  it('names of the schema are kept', () => {
    const names = Object.values(schema.getTypeMap()).flatMap((type) => {
      if (isEnumType(type)) return [type.name, ...type.getValues().map(({ name }) => name)];
      if (!isObjectType(type) && !isInputObjectType(type) && !isInterfaceType(type)) return [type.name];
      return [type.name, ...Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)];
    });
    expect(names.length).toBeGreaterThan(1000);
    expect(names.filter((name) => redactor.text(name) !== name)).toEqual([]);
  });
});
