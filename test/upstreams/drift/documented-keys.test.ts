import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentedKeysFile, generateDocumentedKeys } from '../../../src/docs/documented-keys.ts';

describe('documented-keys.json', () => {
  it('has the keys of the documented responses: otherwise run `npm run docs`', () => {
    expect(readFileSync(documentedKeysFile, 'utf8')).toBe(generateDocumentedKeys());
  });
});
