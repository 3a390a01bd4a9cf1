import type { UpstreamSystem } from '../../upstreams/errors.ts';
import { builder } from './builder.ts';

export const UpstreamSystemEnum = builder.enumType('UpstreamSystem', {
  description: 'Upstream that contains the record.',
  values: {
    SCOLLECT: { description: 'Scollect, which holds collection accounts.' },
    RECOVERY_CONNECT: { description: 'RecoveryConnect, which holds repossession orders.' },
  } satisfies Record<UpstreamSystem, { description: string }>,
});
