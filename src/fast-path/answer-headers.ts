import { corsHeaders } from '../plugins/use-cors.ts';
import type { Site } from '../plugins/use-csrf-prevention.ts';
import { ownSecurityHeaders, securityHeaders } from '../plugins/use-security-headers.ts';
import type { PlainRequest } from './plain-request.ts';

const inTurn = (headers: Readonly<Record<string, string>>): string[] => Object.entries(headers).flat();

/** What an answer to a request says beside its own type and length: names and values in turn. */
export type AnswerHeaders = (request: PlainRequest, requestId: string) => readonly string[];

/** In turn, since an object that is put together of several, for each answer, takes two kilobytes that grow old. */
export const createAnswerHeaders = ({ corsOrigins, trustedProxies }: Site): AnswerHeaders => {
  const isCrossOrigin = corsOrigins.length > 0;
  const ofEach = inTurn(securityHeaders);
  const vary = isCrossOrigin ? ['vary', 'Origin'] : [];
  return (request, requestId) => [
    ...inTurn(corsHeaders(request, corsOrigins)),
    'x-request-id',
    requestId,
    ...ofEach,
    ...inTurn(ownSecurityHeaders(request, { trustedProxies, isCrossOrigin })),
    ...vary,
  ];
};
