import type { McpSettings } from '../../config/mcp-settings.ts';
import { readPersistedDocuments } from '../persisted-documents/documents.ts';
import type { Tool } from './tool.ts';
import { readToolFile } from './tool-file.ts';
import { makeTools } from './tool-set.ts';

export interface InspectedTools {
  readonly tools: readonly Pick<Tool, 'name' | 'type' | 'showsPersonalData'>[];
  /** Why the others cannot be made. */
  readonly problems: readonly string[];
}

/**
 * Reads the tools as a start would, without the protocol.
 *
 * @throws {SettingsError} if the file or the documents cannot be read.
 */
export const inspectTools = async (
  { file }: Pick<McpSettings, 'file'>,
  manifests: readonly string[],
): Promise<InspectedTools> => {
  const { tools, problems } = makeTools(await readToolFile(file), await readPersistedDocuments(manifests));
  return { tools: [...tools.values()], problems };
};
