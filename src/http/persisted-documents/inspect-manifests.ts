import { readFile } from 'node:fs/promises';
import { parse, Source } from 'graphql';
import { type DocumentLimits, findExcess } from '../../operation/document-limits.ts';
import { checkText } from '../../operation/document-text.ts';
import { scrub } from '../steps/scrubbed-messages.ts';
import { faultOf, manifestsAt } from './documents.ts';
import { readManifest } from './manifest.ts';

/** A document that cannot be used. */
export interface FaultyDocument {
  /** Its position in the manifest, from 1. */
  readonly number: number;
  /** The reason, without values. */
  readonly fault: string;
}

export interface InspectedManifest {
  /** Names the file, without the path of the setting. */
  readonly place: string;
  readonly documents: number;
  /** Why it cannot be read; `undefined` if it can. */
  readonly fault?: string;
  /** The documents that do not fit the schema. */
  readonly invalid: readonly FaultyDocument[];
  /** Valid documents beyond the limits. */
  readonly excessive: readonly FaultyDocument[];
}

export interface InspectedManifests {
  readonly manifests: readonly InspectedManifest[];
  readonly total: number;
  /** Ids with more than one text. */
  readonly contradictions: number;
}

const excessOf = (text: string, limits: DocumentLimits): string | undefined => {
  try {
    checkText(new Source(text), limits);
    return findExcess(parse(text), limits)?.message;
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
};

/**
 * Reads manifests and reports all that is wrong with them, where opening them stops at the first problem.
 *
 * @throws {SettingsError} if there is no file or folder at one of the paths.
 */
export const inspectManifests = async (
  paths: readonly string[],
  limits: DocumentLimits,
): Promise<InspectedManifests> => {
  const texts = new Map<string, string>();
  const contradicted = new Set<string>();
  const manifests: InspectedManifest[] = [];
  for (const { file, place } of await manifestsAt(paths)) {
    const nothing = { place, documents: 0, invalid: [], excessive: [] };
    let content: string;
    try {
      content = await readFile(file, 'utf8');
    } catch (error) {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      manifests.push({ ...nothing, fault: `cannot be read; the system says ${code}.` });
      continue;
    }
    const read = readManifest(content);
    if ('fault' in read) {
      manifests.push({ ...nothing, fault: `${read.fault}.` });
      continue;
    }
    const invalid: FaultyDocument[] = [];
    const excessive: FaultyDocument[] = [];
    for (const [index, { id, body }] of read.entries.entries()) {
      if ((texts.get(id) ?? body) !== body) contradicted.add(id);
      texts.set(id, body);
      const fault = faultOf(body);
      const excess = fault === undefined ? excessOf(body, limits) : undefined;
      if (fault !== undefined) invalid.push({ number: index + 1, fault: scrub(fault) });
      if (excess !== undefined) excessive.push({ number: index + 1, fault: scrub(excess) });
    }
    manifests.push({ place, documents: read.entries.length, invalid, excessive });
  }
  return { manifests, total: texts.size, contradictions: contradicted.size };
};
