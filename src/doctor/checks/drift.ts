import type { Drift, DriftKind } from '../../upstreams/endpoint/drift.ts';
import { systemNames } from '../../upstreams/errors.ts';
import { note, type Report } from '../result.ts';
import type { OperationShape } from '../shapes/response-shapes.ts';

const kinds: Readonly<Record<DriftKind, string>> = {
  envelope: 'other envelope',
  missing_key: 'missing key',
  unexpected_value: 'unexpected value',
  unknown_key: 'unknown key',
};

const mostShown = 5;

const textOf = ({ kind, at, shape }: Drift): string => {
  const found = kind === 'missing_key' ? '' : ` (${shape})`;
  return `${kinds[kind]}${at === '' ? '' : ` ${at}`}${found}`;
};

/**
 * Reports which responses differ from the documented ones so that the gateway cannot read all of them: what
 * `recollect_upstream_drift_total` counts.
 */
export const reportDrift = (operations: readonly OperationShape[], report: Report): void => {
  for (const { endpoint, drift } of operations) {
    if (drift.length === 0) continue;
    const { system, operation } = endpoint;
    const shown = drift.slice(0, mostShown).map(textOf).join('; ');
    const rest = drift.length > mostShown ? `; ${drift.length - mostShown} more` : '';
    report(
      note(
        { id: `drift.${system}.${operation}`, subject: `${systemNames[system]} ${operation}, drift` },
        `differs from the documentation: ${shown}${rest}.`,
        'Send the file of --shapes to the developers of the gateway.',
      ),
    );
  }
};
