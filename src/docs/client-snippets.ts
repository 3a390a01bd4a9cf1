import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** The project whose files `docs/clients.md` shows. Tests run it against the gateway. */
const project = 'test/clients';

const read = (file: string): string => readFileSync(join(project, file), 'utf8');

/** A code block under the name of its file. */
export const fenced = (file: string, text: string): string =>
  [`**${file}**`, '', `\`\`\`${extname(file).slice(1)}`, text.trimEnd(), '```'].join('\n');

/** A file of the project; of a shell script, only the commands. */
export const snippet = (words: readonly string[]): string => {
  const [file = ''] = words;
  const text = read(file);
  return extname(file) === '.sh' ? ['```sh', text.trimEnd(), '```'].join('\n') : fenced(file, text);
};

/** The command that installs these packages in the versions that the tests use. */
export const installation = (packages: readonly string[]): string => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Readonly<Record<string, string>>
  >;
  const versions = { ...dependencies, ...devDependencies };
  const named = packages.map((name) => {
    const version = versions[name];
    if (version === undefined)
      throw new Error(`generated: install: ${name} is not in ${project}/package.json`);
    return `${name}@${version}`;
  });
  return ['```sh', `npm install ${named.join(' ')}`, '```'].join('\n');
};
