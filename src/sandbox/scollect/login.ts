import { errorWithStatus, succeed } from './answers.ts';
import type { Handler } from './handler.ts';

export const login: Handler = ({ body, tokens }) => {
  const token = tokens.logIn(body['apikey'], body['pin']);
  return token === undefined
    ? errorWithStatus('Invalid API Credentials.', 401)
    : succeed({ access_token: token });
};
