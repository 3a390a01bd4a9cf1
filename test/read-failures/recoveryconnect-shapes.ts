import { anyShapes } from './any-shapes.ts';
import {
  authFailed,
  badInput,
  badResponse,
  canary,
  html,
  json,
  rejected,
  type Shape,
  timeout,
  unavailable,
} from './shape.ts';

const exceptionTrace = {
  exception: `Illuminate\\Database\\${canary}`,
  file: `/var/www/${canary}/Order.php`,
  line: 12,
  trace: [{ file: `/var/www/${canary}/Kernel.php`, function: canary, class: `App\\Http\\${canary}` }],
};

export const recoveryConnectShapes: Shape[] = [
  ...anyShapes,
  ['no rows', json({ data: [] }), 'nothing'],
  [
    'no rows on a page',
    json({
      data: [],
      links: { first: canary },
      meta: { current_page: 1, last_page: 1, per_page: '20', total: 0, fixme: canary },
    }),
    'nothing',
  ],
  [
    'no rows on a bare page',
    json({ current_page: 1, data: [], last_page: 1, per_page: 20, total: 0 }),
    'nothing',
  ],
  ['404 for a record', json({ message: `No query results for model [App\\${canary}] 20` }, 404), 'nothing'],
  [
    '404 for a record, with its exception',
    json({ message: `No query results for model [App\\${canary}].`, ...exceptionTrace }, 404),
    'nothing',
  ],
  ['404 for a route', json({ message: `The route ${canary} could not be found.` }, 404), badResponse],
  ['404 without a word', json({ message: '' }, 404), badResponse],
  ['404 in other words', json({ message: `Order ${canary} not found` }, 404), badResponse],
  ['400', json({ message: canary }, 400), badInput],
  ['401', json({ message: `Unauthenticated. ${canary}` }, 401), authFailed],
  ['302 to the log-in page', html(302, { location: `https://example.com/login?${canary}` }), authFailed],
  ['403', json({ message: `This action is unauthorized. ${canary}` }, 403), rejected],
  [
    '405',
    json({ message: `The GET method is not supported: ${canary}.`, ...exceptionTrace }, 405),
    badResponse,
  ],
  [
    '422',
    json(
      { message: 'The given data was invalid.', errors: { [`ids.${canary}`]: [`${canary} is required.`] } },
      422,
    ),
    badInput,
  ],
  ['500', json({ message: 'Server Error' }, 500), unavailable],
  [
    '500 with its exception',
    json({ message: `SQLSTATE[42S02]: ${canary}`, ...exceptionTrace }, 500),
    unavailable,
  ],
  [
    '500 of a record that is not there',
    json({ message: `No query results for model [App\\${canary}] 20`, ...exceptionTrace }, 500),
    unavailable,
  ],
  ['503', json({ message: `Service Unavailable ${canary}` }, 503), unavailable],
  ['504', json({ message: canary }, 504), timeout],
  [
    'the status "error"',
    json({ status: 'error', data: [], message: canary, warnings: [canary] }),
    unavailable,
  ],
  ['the status "error" without data', json({ status: 'error', message: canary }), unavailable],
  [
    'the status "fail" next to rows',
    (success) => json({ ...(success as object), status: 'fail', warnings: [canary] }),
    unavailable,
  ],
  ['the status false', json({ status: false, data: null }), unavailable],
  ['a status that nobody knows', json({ status: canary, data: [] }), badResponse],
  ['a denial', json({ data: { success: false } }), unavailable],
  ['a message alone', json({ message: canary }), badResponse],
  ['data that is a text', json({ data: canary }), badResponse],
  ['data without content', json({ data: {} }), badResponse],
  ['rows that are none, with warnings', json({ data: [{ text: canary }], warnings: [canary] }), badResponse],
];
