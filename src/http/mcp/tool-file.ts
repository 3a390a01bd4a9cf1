import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SettingsError } from '../../config/settings.ts';

const maxTitle = 100;
const maxDescription = 2000;

const entry = z.strictObject({
  /** Whether the operation is a mutation, which this permits. */
  write: z.literal(true, { error: 'expected true, or no such key' }).optional(),
  /** Whether a mutation may change or end what exists; true unless given. */
  destructive: z.boolean({ error: 'expected true or false' }).optional(),
  /** Whether callers with the scope `pii:read` get personal data unmasked. */
  personalData: z.literal(true, { error: 'expected true, or no such key' }).optional(),
  /** The id of the document, where several have an operation of this name. */
  document: z
    .string({ error: 'expected the id of a document' })
    .min(1, 'expected the id of a document')
    .optional(),
  title: z
    .string({ error: 'expected a text' })
    .min(1, 'expected a text that is not empty')
    .max(maxTitle, `expected at most ${maxTitle} characters`)
    .optional(),
  description: z
    .string({ error: 'expected a text' })
    .min(1, 'expected a text that is not empty')
    .max(maxDescription, `expected at most ${maxDescription} characters`)
    .optional(),
});

/** What marks an operation as a tool. */
export type ToolEntry = z.output<typeof entry>;

/** The operations that are tools, by their names. */
export type ToolEntries = ReadonlyMap<string, ToolEntry>;

export const toolProblem = (text: string): SettingsError => new SettingsError([`MCP_TOOLS: ${text}`]);

const expected =
  'expected a JSON object of the names of operations, as in {"AccountByNumber": {}, "AddNote": {"write": true}}';

/** Clients reject longer names. */
const maxName = 64;

const isName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && name.length <= maxName;

const keyNames = Object.keys(entry.shape).join(', ');

const problemsOf = (name: string, { issues }: z.ZodError): string[] =>
  issues.map(({ code, path, message }) => {
    const key = path.map(String).join('.');
    if (code === 'unrecognized_keys') return `${name}: expected no other keys than ${keyNames}.`;
    return `${[name, ...(key === '' ? [] : [key])].join('.')}: ${key === '' ? 'expected an object' : message}.`;
  });

/** @throws {SettingsError} with everything that is wrong with the text; it repeats names of operations only. */
export const parseToolFile = (text: string): ToolEntries => {
  let all: unknown;
  try {
    all = JSON.parse(text);
  } catch {
    // Its message would repeat what is in the file.
  }
  if (typeof all !== 'object' || all === null || Array.isArray(all)) throw toolProblem(`${expected}.`);
  const problems: string[] = [];
  const entries = new Map<string, ToolEntry>();
  for (const [index, [name, value]] of Object.entries(all).entries()) {
    if (!isName(name)) {
      problems.push(`name ${index + 1}: expected the name of an operation, at most ${maxName} characters.`);
      continue;
    }
    const read = entry.safeParse(value);
    if (read.success) entries.set(name, read.data);
    else problems.push(...problemsOf(name, read.error));
  }
  if (problems.length > 0) throw new SettingsError(problems.map((problem) => `MCP_TOOLS: ${problem}`));
  if (entries.size === 0) throw toolProblem(`${expected}.`);
  return entries;
};

/** @throws {SettingsError} if the file cannot be read, or used. */
export const readToolFile = async (path: string): Promise<ToolEntries> => {
  const text = await readFile(path, 'utf8').catch(({ code = 'unknown error' }: NodeJS.ErrnoException) => {
    throw toolProblem(`expected a file that can be read; the system says ${code}.`);
  });
  return parseToolFile(text);
};
