import type { Settings } from '../../config/settings.ts';
import { SettingsError } from '../../config/settings.ts';
import {
  type InspectedManifest,
  inspectManifests,
} from '../../http/persisted-documents/inspect-manifests.ts';
import { defaultLimits } from '../../operation/limits.ts';
import { type CheckSubject, note, ok, type Report, skipped, trouble } from '../result.ts';
import type { Check } from '../run-check.ts';

export interface DocumentsContext {
  readonly settings: Pick<Settings, 'persistedDocuments'>;
}

const mostFaults = 3;

const list = (numbers: readonly number[]): string =>
  numbers.slice(0, mostFaults).join(', ') + (numbers.length > mostFaults ? ', …' : '');

const reportManifest = (manifest: InspectedManifest, index: number, report: Report): void => {
  const { place, documents, fault, invalid, excessive } = manifest;
  const subject: CheckSubject = { id: `documents.${index + 1}`, subject: `Trusted documents, ${place}` };
  if (fault !== undefined) {
    report(trouble(subject, fault, 'The gateway does not start with it.'));
    return;
  }
  const [first] = invalid;
  if (first) {
    report(
      trouble(
        subject,
        `${invalid.length} of ${documents} documents do not fit the schema: ${list(invalid.map(({ number }) => number))}. The first: ${first.fault}`,
        'Generate the manifest with the schema of this version.',
      ),
    );
  }
  if (excessive.length > 0) {
    report(
      trouble(
        subject,
        `${excessive.length} of ${documents} documents are beyond the limits and would be rejected: ${list(excessive.map(({ number }) => number))}. The first: ${excessive[0]?.fault}`,
        'Split them (docs/limits.md).',
      ),
    );
  }
  if (!first && excessive.length === 0)
    report(ok(subject, `${documents} valid ${documents === 1 ? 'document' : 'documents'}.`));
};

/** The manifests of trusted documents. */
export const documentsCheck: Check<DocumentsContext> = {
  id: 'documents',
  subject: 'PERSISTED_DOCUMENTS',
  run: async ({ settings: { persistedDocuments } }, report) => {
    if (!persistedDocuments) {
      report(skipped(documentsCheck, 'not set.'));
      return;
    }
    try {
      const { manifests, total, contradictions } = await inspectManifests(
        persistedDocuments.paths,
        defaultLimits,
      );
      for (const [index, manifest] of manifests.entries()) reportManifest(manifest, index, report);
      if (contradictions > 0) {
        report(
          trouble(
            documentsCheck,
            contradictions === 1 ? '1 id has two texts.' : `${contradictions} ids have two texts.`,
            'Expected one text for each id.',
          ),
        );
      } else if (total === 0) {
        report(trouble(documentsCheck, 'no documents.', 'Expected manifests with at least one document.'));
      } else {
        report(ok(documentsCheck, `${total} documents in ${manifests.length} manifests.`));
      }
      if (!persistedDocuments.only) {
        report(
          note(
            { id: 'documents.only', subject: 'PERSISTED_DOCUMENTS_ONLY' },
            'false: other documents are executed too.',
            'Set true, or NODE_ENV=production.',
          ),
        );
      }
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      report(trouble(documentsCheck, error.message.replace(/^PERSISTED_DOCUMENTS: /, '')));
    }
  },
};
