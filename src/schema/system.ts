import { builder } from '../builder.ts';
import type { UpstreamSystem } from '../errors.ts';

export const UpstreamSystemEnum = builder.enumType('UpstreamSystem', {
  description: 'The system that something comes from.',
  values: {
    SCOLLECT: { description: 'Scollect, which holds collection accounts.' },
    RECOVERY_CONNECT: { description: 'RecoveryConnect, which holds repossession orders.' },
  } satisfies Record<UpstreamSystem, { description: string }>,
});
