import { writeFileSync } from 'node:fs';
import { generatePage, pages } from './pages.ts';

/** `npm run docs`: writes the generated tables into the pages. */
for (const page of pages) writeFileSync(page, generatePage(page));
