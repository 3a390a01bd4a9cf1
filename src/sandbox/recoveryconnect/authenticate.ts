import { randomBytes } from 'node:crypto';
import type { Handler } from './handler.ts';
import { wrongCredentials } from './laravel.ts';
import { validate } from './validation.ts';

export const authenticate: Handler = ({ body, tokens }) => {
  validate(body, { username: ['required', 'string'], password: ['required', 'string'] });
  const token = tokens.logIn(body['username'], body['password']);
  if (token === undefined) throw wrongCredentials();
  return {
    token_type: 'Bearer',
    expires_in: tokens.lifeSeconds,
    access_token: token,
    refresh_token: randomBytes(24).toString('hex'),
  };
};
