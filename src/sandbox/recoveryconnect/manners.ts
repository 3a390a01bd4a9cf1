import type { Manners } from '../api.ts';
import { nginxPage } from '../nginx.ts';
import { type HttpAnswer, json } from '../server.ts';
import { Refusal, tooManyAttempts, unauthenticated, uncaughtException, wrongCredentials } from './laravel.ts';

/** @param refuse creates a response in the form that the call accepts. */
export const mannersOf = (operation: string, refuse: (refusal: Refusal) => HttpAnswer): Manners => ({
  refuseToken: () => refuse(operation === 'authenticate' ? wrongCredentials() : unauthenticated()),
  limitRate: () => refuse(tooManyAttempts(1)),
  notFoundPage: () => nginxPage(404),
  serverError: () => refuse(uncaughtException()),
  unavailable: () => refuse(new Refusal(503, { message: 'Service Unavailable' })),
  errorIn200: () => json({ status: 'error', message: 'Server Error' }),
  wrongTypes: () => json({ data: 42 }),
});
