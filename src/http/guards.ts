import { authentication, pageRateLimit, rateLimit } from './guards/admission.ts';
import { bodySize, parameters } from './guards/body.ts';
import { document } from './guards/document.ts';
import type { RequestGuard } from './guards/guard.ts';
import { headFormat } from './guards/head-format.ts';
import { loopbackHost } from './guards/loopback-host.ts';
import { accept, contentEncoding, contentType } from './guards/media-types.ts';
import { messages } from './guards/messages.ts';
import { method, path } from './guards/path-and-method.ts';
import { personalData } from './guards/personal-data.ts';
import { site } from './guards/site.ts';
import { toolScopes } from './guards/tool-scopes.ts';
import { variables } from './guards/variables.ts';

/**
 * All guards in their order: each rejects before anything later is read, and before anything is executed. The handler
 * applies them to every request of their routes, whatever executes it.
 */
export const guards: readonly RequestGuard[] = [
  headFormat,
  loopbackHost,
  path,
  method,
  site,
  contentType,
  contentEncoding,
  accept,
  personalData,
  pageRateLimit,
  authentication,
  rateLimit,
  bodySize,
  messages,
  toolScopes,
  parameters,
  document,
  variables,
];
