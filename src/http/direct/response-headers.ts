import { isHttps } from '../../auth/client-address.ts';
import { corsHeaders } from '../plugins/use-cors.ts';
import type { Site } from '../plugins/use-csrf-prevention.ts';
import { ownSecurityHeaders, securityHeaders } from '../plugins/use-security-headers.ts';
import type { PlainRequest } from './plain-request.ts';

const inTurn = (headers: Readonly<Record<string, string>>): string[] => Object.entries(headers).flat();

/**
 * Makes what tells what an answer to a request says beside its own type and length: names and values in turn. An object
 * that is put together of several, for each answer, takes two kilobytes that grow old.
 */
export const createAnswerHeaders = ({ corsOrigins, trustedProxies }: Site) => {
  const isCrossOrigin = corsOrigins.length > 0;
  const ofEach = inTurn(securityHeaders);
  const overHttps = inTurn(ownSecurityHeaders(true, isCrossOrigin));
  const otherwise = inTurn(ownSecurityHeaders(false, isCrossOrigin));
  return (request: PlainRequest, requestId: string): readonly string[] => {
    const own = isHttps(request, trustedProxies) ? overHttps : otherwise;
    const headers = ['x-request-id', requestId, ...ofEach, ...own];
    return isCrossOrigin
      ? [...inTurn(corsHeaders(request, corsOrigins)), ...headers, 'vary', 'Origin']
      : headers;
  };
};
