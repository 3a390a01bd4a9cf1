import { succeed } from './answers.ts';
import type { Handler } from './handler.ts';
import { wrongCredentials } from './refusals.ts';

export const login: Handler = ({ body, tokens }) => {
  const token = tokens.logIn(body['apikey'], body['pin']);
  return token === undefined ? wrongCredentials() : succeed({ access_token: token });
};
