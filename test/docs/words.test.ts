import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import words from '../../scripts/words.json' with { type: 'json' };
import { root } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const check = (text: string, name = 'sample.md') => {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  const { status, stderr } = spawnSync(process.execPath, ['scripts/check-words.js', file], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, problems: stderr.replaceAll(file, name).split('\n').slice(0, -1) };
};

describe('scripts/check-words.js', () => {
  it('reports file, line, word and standard term for every word of scripts/words.json', () => {
    const { status, problems } = check(words.map(({ sample }) => `${sample}\n`).join(''));
    expect(status).toBe(1);
    for (const [index, { pattern, write }] of words.entries()) {
      const expected = new RegExp(
        `^sample\\.md:${index + 1}: “(?:${pattern})”: write ${write.replace(/[.?]/g, '\\$&')}$`,
        'i',
      );
      expect(problems).toContainEqual(expect.stringMatching(expected));
    }
  });

  it('passes a clean text', () => {
    const text =
      'The guard rejects the request. The write continues; besides, the indoor letter is in flight.\n';
    expect(check(text)).toEqual({ status: 0, problems: [] });
  });

  // From the table, so that this file itself passes the check.
  const rejected = words[0]?.sample ?? '';

  it('ignores code in Markdown, but not in other files', () => {
    const text = `Run \`${rejected}\`.\n\n\`\`\`sh\necho ${rejected}\n\`\`\`\n\n`;
    expect(check(text)).toEqual({ status: 0, problems: [] });
    expect(check(`${text}${rejected}\n`).problems).toEqual([expect.stringMatching(/^sample\.md:7: /)]);
    expect(check(`// ${rejected}\n`, 'sample.ts').status).toBe(1);
  });

  it('checks the Unreleased section of a changelog only', () => {
    const text = `# Changelog\n\n## Unreleased\n\n- A guard.\n\n## 1.0.0\n\n- ${rejected}\n`;
    expect(check(text, 'CHANGELOG.md')).toEqual({ status: 0, problems: [] });
    expect(check(text.replace('A guard.', rejected), 'CHANGELOG.md').status).toBe(1);
  });

  it('`npm run lint` runs it', () => {
    expect(readFileSync(join(root, 'package.json'), 'utf8')).toMatch(
      /"lint": ".*node scripts\/check-words\.js/,
    );
  });
});
