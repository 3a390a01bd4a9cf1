import { writeFileSync } from 'node:fs';
import { documentedKeysFile, generateDocumentedKeys } from './documented-keys.ts';
import { generatePage, pages } from './pages.ts';

/** `npm run docs`: writes the generated tables into the pages, and the keys of the documented responses. */
for (const page of pages) writeFileSync(page, generatePage(page));
writeFileSync(documentedKeysFile, generateDocumentedKeys());
