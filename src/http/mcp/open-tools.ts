import { stat } from 'node:fs/promises';
import { SettingsError } from '../../config/settings.ts';
import type { Log } from '../../telemetry/log.ts';
import { followState } from '../followed-state.ts';
import type { PersistedDocuments } from '../persisted-documents/open-documents.ts';
import type { Tool } from './tool.ts';
import { readToolFile, type ToolEntries } from './tool-file.ts';
import { makeTools } from './tool-set.ts';

/** The tools of a gateway, which follow the file and the trusted documents. */
export interface OpenTools {
  /** Another map after a change. */
  current(): ReadonlyMap<string, Tool>;
  /** Reads the file again. If it is not valid, this is logged, and the present entries remain. Never rejects. */
  reload(): Promise<void>;
  close(): void;
}

export interface ToolsOptions {
  /** The file with the entries. */
  readonly file: string;
  readonly documents: Pick<PersistedDocuments, 'documents'>;
  readonly log: Log;
  /** Milliseconds between two looks at the file; 2,000 unless given. */
  readonly intervalMs?: number;
}

const stateOf = async (file: string): Promise<string> => {
  try {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true });
    return [ino, size, mtimeNs].join(':');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error';
  }
};

/**
 * Opens the tools. A document that leaves the manifests is no tool from then on; a tool that a change makes invalid is
 * logged, and not offered.
 *
 * @throws {SettingsError} if one of them cannot be made now.
 */
export const openTools = async ({
  file,
  documents: persisted,
  log,
  intervalMs = 2000,
}: ToolsOptions): Promise<OpenTools> => {
  const initial = await stateOf(file);
  let entries: ToolEntries = await readToolFile(file);
  let { documents } = persisted;
  const made = makeTools(entries, documents);
  if (made.problems.length > 0)
    throw new SettingsError(made.problems.map((problem) => `MCP_TOOLS: ${problem}`));
  let { tools } = made;

  const makeAgain = (): void => {
    documents = persisted.documents;
    const { tools: found, problems } = makeTools(entries, documents);
    tools = found;
    const counts = { tools: tools.size };
    if (problems.length > 0)
      log.error({ problems, ...counts }, 'MCP tools that cannot be made are not offered');
    else log.info(counts, 'the MCP tools were made again');
  };

  const current = (): ReadonlyMap<string, Tool> => {
    if (persisted.documents !== documents) makeAgain();
    return tools;
  };

  const read = async (): Promise<void> => {
    try {
      entries = await readToolFile(file);
      makeAgain();
    } catch (error) {
      const problem = error instanceof Error ? error.message : 'unknown error';
      log.error({ problem, tools: tools.size }, 'the MCP tools cannot be read: the present ones remain');
    }
  };

  const follower = followState({
    initial,
    stateOf: () => stateOf(file),
    read,
    onUnchanged: () => void current(),
    intervalMs,
  });

  return { current, reload: follower.reload, close: follower.close };
};
