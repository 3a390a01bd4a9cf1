import { describe, expect, it, onTestFinished } from 'vitest';
import { type HttpService, html, serve } from '../../src/sandbox/server.ts';
import { send } from './caller.ts';

describe('serve', () => {
  it.each<[string, HttpService['respond']]>([
    [
      'at once',
      () => {
        throw new Error('at once');
      },
    ],
    ['later', () => Promise.reject(new Error('later'))],
  ])('returns the error page of the service if it throws %s', async (_, respond) => {
    const service = { respond, bodyTooLarge: () => html('large', 413), broken: () => html('broken', 500) };
    const { url, close } = await serve(service, '127.0.0.1', 0);
    onTestFinished(close);
    expect(await send(url, 'GET')).toMatchObject({ status: 500, text: 'broken' });
  });
});
