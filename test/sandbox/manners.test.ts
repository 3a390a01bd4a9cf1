import { describe, expect, it, onTestFinished } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Clock, logInToRecoveryConnect, logInToScollect, send, startCaller } from './caller.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const start = async (clock?: Clock, options: SandboxOptions = {}) => {
  const sandbox = await startSandbox({ ...(clock ? { now: () => clock.time } : {}), ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
};

const tooLarge = JSON.stringify({ filenumber: 'R'.repeat(1024 * 1024) });

describe('tokens of Scollect', () => {
  it('hold the documented claims', async () => {
    const clock = { time: new Date('2025-03-17T14:48:27Z') };
    const sandbox = await start(clock);
    const [header, payload] = (await logInToScollect(sandbox)).split('.');
    const read = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
    expect(read(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(read(payload)).toEqual({
      fresh: false,
      iat: 1742222907,
      jti: expect.any(String),
      type: 'access',
      sub: 'example-api-key',
      nbf: 1742222907,
      csrf: expect.any(String),
      exp: 1742223807,
      pin: 'C2C',
    });
  });

  it('expire', async () => {
    const clock = { time: new Date('2025-03-17T14:48:27Z') };
    const sandbox = await start(clock, { tokenLifeSeconds: 60 });
    const headers = bearer(await logInToScollect(sandbox));
    const url = `${sandbox.scollect.url}/getportfoliolist`;
    clock.time = new Date('2025-03-17T14:49:26Z');
    expect((await send(url, 'GET', undefined, headers)).status).toBe(200);
    clock.time = new Date('2025-03-17T14:49:27Z');
    expect(await send(url, 'GET', undefined, headers)).toMatchObject({
      status: 401,
      body: { msg: 'Token has expired' },
    });
  });

  it.each([7200, -7200])('of a clock that is %i s ahead have the same lifetime', async (skew) => {
    const clock = { time: new Date('2025-03-17T14:48:27Z') };
    const sandbox = await start(clock, { tokenLifeSeconds: 60, tokenClockSkewSeconds: skew });
    const token = await logInToScollect(sandbox);
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const iat = 1742222907 + skew;
    expect(claims).toMatchObject({ iat, nbf: iat, exp: iat + 60 });
    const statusAt = async (time: string) => {
      clock.time = new Date(time);
      const url = `${sandbox.scollect.url}/getportfoliolist`;
      return (await send(url, 'GET', undefined, bearer(token))).status;
    };
    expect(await statusAt('2025-03-17T14:49:26Z')).toBe(200);
    expect(await statusAt('2025-03-17T14:49:27Z')).toBe(401);
  });

  it.each([
    ['no header', {}, 401, 'Missing Authorization Header'],
    [
      'another scheme',
      { authorization: 'Basic abc' },
      422,
      "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'",
    ],
    ['no token at all', bearer('abc'), 422, 'Not enough segments'],
    ['a forged one', bearer('e30.e30.e30'), 422, 'Signature verification failed'],
  ])('are rejected: %s', async (_, headers, status, msg) => {
    const { scollect } = await start();
    expect(await send(`${scollect.url}/getportfoliolist`, 'GET', undefined, headers)).toMatchObject({
      status,
      body: { msg },
    });
  });

  it('of another sandbox are rejected', async () => {
    const token = await logInToScollect(await start());
    const { scollect } = await start();
    const { status } = await send(`${scollect.url}/getportfoliolist`, 'GET', undefined, bearer(token));
    expect(status).toBe(422);
  });
});

describe('HTTP errors of Scollect', () => {
  it.each([
    [404, 'GET', '/nothing', undefined],
    [405, 'GET', '/insertphone', undefined],
    [400, 'POST', '/insertphone', '{"filenumber":'],
    [413, 'POST', '/insertphone', tooLarge],
  ])('%i is a page: %s %s', async (status, method, path, body) => {
    const answer = await (await startCaller()).scollect(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toContain(`<title>${status} `);
  });

  it('a body without the content type of JSON is rejected', async () => {
    const { scollect } = await start();
    const { status } = await send(`${scollect.url}/login`, 'POST', '{}', { 'content-type': 'text/plain' });
    expect(status).toBe(400);
  });
});

describe('tokens of RecoveryConnect', () => {
  it('are issued for valid credentials only', async () => {
    const { recoveryConnect } = await start();
    const url = `${recoveryConnect.url}/api/v140/auth`;
    const wrong = await send(url, 'POST', { username: 'abctestuser', password: 'guess' });
    expect(wrong.status).toBe(401);
    const missing = await send(url, 'POST', { username: 'abctestuser' });
    expect(missing).toMatchObject({ status: 422, body: { errors: { password: [expect.any(String)] } } });
  });

  it('expire after an hour', async () => {
    const clock = { time: new Date('2026-03-05T13:00:00Z') };
    const sandbox = await start(clock);
    const headers = bearer(await logInToRecoveryConnect(sandbox));
    const url = `${sandbox.recoveryConnect.url}/api/v150/orders/20`;
    clock.time = new Date('2026-03-05T13:59:59Z');
    expect((await send(url, 'GET', undefined, headers)).status).toBe(200);
    clock.time = new Date('2026-03-05T14:00:00Z');
    expect(await send(url, 'GET', undefined, headers)).toMatchObject({
      status: 401,
      body: { message: 'Unauthenticated.' },
    });
  });
});

describe('HTTP errors of RecoveryConnect', () => {
  it.each([
    [404, 'GET', '/api/v999/orders', undefined, 'The route api/v999/orders could not be found.'],
    [
      405,
      'DELETE',
      '/api/v150/orders',
      undefined,
      'The DELETE method is not supported for this route. Supported methods: GET, POST.',
    ],
    [422, 'POST', '/api/v150/orders', '{"client_id":', 'The given data was invalid.'],
    [413, 'POST', '/api/v150/orders', tooLarge, 'The POST data is too large.'],
  ])('%i: %s %s', async (status, method, path, body, message) => {
    const answer = await (await startCaller()).recoveryConnect(method, path, body);
    expect(answer).toMatchObject({ status, body: { message } });
  });

  it('an error without `accept: application/json` redirects to the log-in page', async () => {
    const { recoveryConnect } = await start();
    const answer = await send(`${recoveryConnect.url}/api/v150/orders`, 'GET', undefined, { accept: '*/*' });
    expect(answer).toMatchObject({ status: 302, body: undefined });
    expect(answer.headers.get('location')).toBe('/login');
    const page = await send(`${recoveryConnect.url}/login`, 'GET');
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('<h1>Login</h1>') });
  });
});

describe('startSandbox', () => {
  it('closes while connections are kept alive', async () => {
    const sandbox = await startSandbox();
    const { url } = sandbox.scollect;
    await send(`${url}/nothing`, 'GET');
    await sandbox.close();
    await expect(send(`${url}/nothing`, 'GET')).rejects.toThrow();
  });

  it('reports a port in use, and leaves none open', async () => {
    const { scollect } = await start();
    const taken = Number(new URL(scollect.url).port);
    await expect(startSandbox({ recoveryConnectPort: taken })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
