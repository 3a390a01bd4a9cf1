/** A Markdown table. A cell must not contain a line break; a pipe in it is escaped. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
};

export const code = (text: string): string => `\`${text}\``;

const block = /(<!-- generated: ([a-z-]+)((?: [\w@./-]+)*) -->\n).*?(<!-- end -->)/gs;

/** A table or a snippet that a page contains, by its name and the words behind the name. */
export interface GeneratedBlock {
  readonly name: string;
  readonly words: readonly string[];
}

/** Returns the blocks that a page marks as generated: `<!-- generated: name WORDS -->` … `<!-- end -->`. */
export const generatedBlocks = (page: string): GeneratedBlock[] =>
  [...page.matchAll(block)].map(([, , name = '', words = '']) => ({
    name,
    words: words.split(' ').filter((word) => word !== ''),
  }));

/** Replaces the content of each generated block; the text around it stays. */
export const withGenerated = (page: string, generate: (block: GeneratedBlock) => string): string => {
  const blocks = generatedBlocks(page).values();
  return page.replace(block, (_, start: string, _name, _words, end: string) => {
    const next = blocks.next();
    return next.done ? '' : `${start}\n${generate(next.value)}\n\n${end}`;
  });
};
