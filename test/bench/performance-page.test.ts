import { describe, expect, it } from 'vitest';
import { withResults } from '../../bench/src/performance-page.ts';

const page = '# Performance\n\nText.\n\n## Results\n';
const both = withResults(withResults(page, 26, 'of 26\n\n#### One'), 24, 'of 24\n\n#### One');

describe('the results in docs/performance.md', () => {
  it('have a section for each major version of Node, in order', () => {
    expect(both).toBe(`${page}\n### Node 24\n\nof 24\n\n#### One\n\n### Node 26\n\nof 26\n\n#### One\n`);
  });

  it('of one version replace those of the same version, and no others', () => {
    expect(withResults(both, 24, 'again')).toBe(
      `${page}\n### Node 24\n\nagain\n\n### Node 26\n\nof 26\n\n#### One\n`,
    );
  });

  it('leave an introduction', () => {
    const introduced = `${page}\nFigures change.\n\n### Node 26\n\nof 26\n`;
    expect(withResults(introduced, 24, 'of 24')).toBe(
      `${page}\nFigures change.\n\n### Node 24\n\nof 24\n\n### Node 26\n\nof 26\n`,
    );
  });

  it('need their heading', () => {
    expect(() => withResults('# Performance\n', 24, '')).toThrow('expected a heading');
  });
});
