import type { Manners } from '../api.ts';
import { nginxPage } from '../nginx.ts';
import { json } from '../server.ts';
import { errorWithStatus, succeed } from './answers.ts';
import { flaskPage } from './flask.ts';
import { expiredToken, wrongCredentials } from './refusals.ts';

export const mannersOf = (operation: string): Manners => ({
  refuseToken: () => (operation === 'login' ? json(wrongCredentials()) : expiredToken()),
  limitRate: () => flaskPage(429, { 'retry-after': '1' }),
  notFoundPage: () => flaskPage(404),
  serverError: () => flaskPage(500),
  unavailable: () => nginxPage(503),
  errorIn200: () => json(errorWithStatus('Internal Server Error', 500)),
  wrongTypes: () => json(succeed(42)),
});
