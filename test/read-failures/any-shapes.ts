import {
  asJson,
  authFailed,
  badInput,
  badResponse,
  canary,
  html,
  json,
  rateLimited,
  rejected,
  type Shape,
  timeout,
  unavailable,
  withOtherTypes,
  withoutKeys,
  withRows,
} from './shape.ts';

/** What any server, or any proxy before it, may answer. */
export const anyShapes: Shape[] = [
  ['HTML with 200', html(200), badResponse],
  ['HTML with 302', html(302, { location: '/elsewhere' }), badResponse],
  ['HTML with 400', html(400), badInput],
  ['HTML with 401', html(401), authFailed],
  ['HTML with 403', html(403), rejected],
  ['HTML with 404', html(404), badResponse],
  ['HTML with 405', html(405), badResponse],
  ['HTML with 408', html(408), timeout],
  ['HTML with 500', html(500), unavailable],
  ['HTML with 502', html(502), unavailable],
  ['HTML with 503', html(503, { 'retry-after': '60' }), unavailable],
  ['HTML with 504', html(504), timeout],
  ['a token refused once', (success, call) => (call === 1 ? html(401) : json(success)), 'whole'],
  ['text with 429', html(429), rateLimited],
  [
    'text with 429 and Retry-After in seconds',
    html(429, { 'retry-after': '7' }),
    { ...rateLimited, retryAfter: 7 },
  ],
  [
    'JSON with 429 and Retry-After as a date gone by',
    json({ message: canary }, 429, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
    { ...rateLimited, retryAfter: 0 },
  ],
  [
    'JSON with 429 and a Retry-After that is none',
    json({ message: canary }, 429, { 'retry-after': canary }),
    rateLimited,
  ],
  ['no body with 200', { html: '', headers: asJson }, badResponse],
  ['no body with 204', { status: 204, html: '' }, badResponse],
  ['no body with 404', { status: 404, html: '', headers: asJson }, badResponse],
  ['no body with 500', { status: 500, html: '', headers: asJson }, unavailable],
  [
    'JSON that is cut off',
    (success) => ({ html: JSON.stringify(success).slice(0, -9), headers: asJson }),
    badResponse,
  ],
  [
    'a connection that is closed within the answer',
    (success) => ({
      html: JSON.stringify(success).slice(0, -9),
      headers: { ...asJson, 'content-length': '999999', connection: 'close' },
    }),
    unavailable,
  ],
  ['a connection reset', 'reset', unavailable],
  ['JSON that is a text', json(canary), badResponse],
  ['JSON that is a number', json(404), badResponse],
  ['JSON that is null', json(null), badResponse],
  ['JSON that is a list', json([{ error: canary }, 404]), badResponse],
  ['JSON without content', json({}), badResponse],
  [
    'rows without their keys',
    (success) => json(withRows(success, (rows) => rows.map(withoutKeys))),
    badResponse,
  ],
  [
    'rows with values of other types',
    (success) => json(withRows(success, (rows) => rows.map(withOtherTypes))),
    badResponse,
  ],
  ['rows that are none', (success) => json(withRows(success, () => [canary, null])), badResponse],
  ['rows within a list too many', (success) => json(withRows(success, (rows) => [rows])), badResponse],
  ['a text in place of rows', (success) => json(withRows(success, () => canary)), badResponse],
];

/** What is no list of rows. */
export const listShapes: Shape[] = [
  ...[null, canary, 404, [], { error: canary }, { error: '' }, { message: canary }].map(
    (odd): Shape => [
      `${JSON.stringify(odd)} among rows`,
      (success) => json(withRows(success, (rows) => [...rows, odd])),
      badResponse,
    ],
  ),
  [
    'one row among others without its keys',
    (success) => json(withRows(success, (rows) => [...rows, withoutKeys(rows[0])])),
    'incomplete',
  ],
  ['a row in place of a list', (success) => json(withRows(success, ([row]) => row)), badResponse],
];
