import { type Settings, SettingsError } from '../../config/settings.ts';
import { inspectTools } from '../../http/mcp/inspect-tools.ts';
import { note, ok, skipped, trouble } from '../result.ts';
import type { Check } from '../run-check.ts';

export interface ToolsContext {
  readonly settings: Pick<Settings, 'mcp' | 'persistedDocuments'>;
}

/** The tools of MCP. */
export const toolsCheck: Check<ToolsContext> = {
  id: 'tools',
  subject: 'MCP_TOOLS',
  run: async ({ settings: { mcp, persistedDocuments } }, report) => {
    if (!mcp || !persistedDocuments) {
      report(skipped(toolsCheck, 'MCP is not true.'));
      return;
    }
    try {
      const { tools, problems } = await inspectTools(mcp, persistedDocuments.paths);
      for (const problem of problems) {
        report(trouble(toolsCheck, problem, 'The gateway does not start with it.'));
      }
      const writes = tools.filter(({ type }) => type === 'mutation').length;
      if (problems.length === 0) report(ok(toolsCheck, `Tools: ${tools.length}, of which ${writes} write.`));
      const personal = tools.filter(({ showsPersonalData }) => showsPersonalData).length;
      if (personal > 0) {
        report(
          note(
            { id: 'tools.personal-data', subject: 'MCP_TOOLS' },
            `Tools that return personal data unmasked to callers with pii:read: ${personal} of ${tools.length}.`,
            'Remove "personalData" unless the models that read it may.',
          ),
        );
      }
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      for (const problem of error.message.split('\n')) {
        report(trouble(toolsCheck, problem.replace(/^MCP_TOOLS: /, '')));
      }
    }
  },
};
