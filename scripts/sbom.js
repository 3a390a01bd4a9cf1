// `npm run sbom` runs this: it prints a bill of materials (CycloneDX) of all packages that run in production.
// `npm sbom --omit=dev` omits those that development needs too, and fails where development packages are missing.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));

const manifest = read('package.json');
const lockfile = read('package-lock.json');
delete manifest.devDependencies;
delete lockfile.packages[''].devDependencies;
for (const [path, { dev }] of Object.entries(lockfile.packages)) if (dev) delete lockfile.packages[path];

const parent = mkdtempSync(join(tmpdir(), 'sbom-'));
try {
  // npm names the product after its folder.
  const folder = join(parent, manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockfile));
  const npm = process.env.npm_execpath;
  const [program, ...words] = npm ? [process.execPath, npm] : ['npm'];
  execFileSync(program, [...words, 'sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
} finally {
  rmSync(parent, { recursive: true });
}
