import { stat } from 'node:fs/promises';
import { SettingsError } from '../../config/settings.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { followState } from '../followed-state.ts';
import { type DocumentsById, manifestsAt, readPersistedDocuments } from './documents.ts';

/** The trusted documents of a gateway. */
export interface PersistedDocuments {
  /** By their ids. Another map after manifests have changed: it is read anew for each request. */
  readonly documents: DocumentsById;
  /** Whether no others are executed. */
  readonly only: boolean;
}

/** Trusted documents that follow their manifests. */
export interface OpenPersistedDocuments extends PersistedDocuments {
  /** Reads the manifests again. If one is not valid, this is logged, and the present documents remain. Never rejects. */
  reload(): Promise<void>;
  close(): void;
}

export interface PersistedDocumentsOptions {
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly only: boolean;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'onDocumentsReload' | 'watchDocuments'>;
  /** Milliseconds between two looks at the manifests; 2,000 unless given. */
  readonly intervalMs?: number;
}

/**
 * Describes the present state of manifests: their names, sizes and times of change.
 *
 * Looking at intervals, unlike the notices of the operating system, also works on network drives and on the volumes of
 * Kubernetes, which replace a link to a folder.
 */
const stateOf = async (paths: readonly string[]): Promise<string> => {
  const files = await manifestsAt(paths);
  const states = await Promise.all(
    files.map(async ({ file }) => {
      const { ino, size, mtimeNs } = await stat(file, { bigint: true });
      return [file, ino, size, mtimeNs].join(':');
    }),
  );
  return states.join('\n');
};

const messageOf = (error: unknown): string => {
  if (error instanceof SettingsError) return error.message;
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return `PERSISTED_DOCUMENTS: cannot be read; the system says ${code}.`;
};

/** Counts the ids of one map that are missing, or have another text, in the other. */
const changed = (from: DocumentsById, to: DocumentsById): number =>
  [...from].filter(([id, text]) => to.get(id) !== text).length;

/**
 * Opens the trusted documents, and follows changes of their manifests: all of them are replaced at once, or none.
 *
 * @throws {SettingsError} if they are not valid now.
 */
export const openPersistedDocuments = async ({
  paths,
  only,
  log,
  metrics,
  intervalMs = 2_000,
}: PersistedDocumentsOptions): Promise<OpenPersistedDocuments> => {
  const present = (): Promise<string> => stateOf(paths).catch(messageOf);
  // Before reading: a change in between is read again.
  const initial = await present();
  let documents = await readPersistedDocuments(paths);
  metrics.watchDocuments(() => documents.size);

  const read = async (): Promise<void> => {
    try {
      const found = await readPersistedDocuments(paths, documents);
      const before = documents;
      documents = found;
      log.info(
        { documents: found.size, added: changed(found, before), removed: changed(before, found) },
        'the trusted documents were read again',
      );
      metrics.onDocumentsReload('loaded');
    } catch (error) {
      log.error(
        { problem: messageOf(error), documents: documents.size },
        'the trusted documents cannot be read: the present ones remain',
      );
      metrics.onDocumentsReload('rejected');
    }
  };

  const { reload, close } = followState({ initial, stateOf: present, read, intervalMs });

  return {
    get documents() {
      return documents;
    },
    only,
    reload,
    close,
  };
};
