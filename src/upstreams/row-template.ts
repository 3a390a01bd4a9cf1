/** The text of one flat row, matched by a template: its values by their places, as they are written. */
export interface MatchedRow {
  readonly template: RowTemplate;
  /** The row's own text. */
  readonly text: string;
  /** The values as they are written, by the places that the template gives them. */
  readonly values: readonly string[];
}

/** How rows of one kind are written: all of their text but the values, which are texts, numbers and literals. */
export interface RowTemplate {
  /** Where the value of a key stands among the values of a match. */
  readonly places: ReadonlyMap<string, number>;
  /**
   * Reads a row that is written so.
   *
   * @returns `null` where the text does not go on with such a row, or not with a valid one.
   */
  match(text: string, at: number): MatchedRow | null;
}

const space = '[ \\t\\n\\r]*';
const plain = '[^"\\\\\\x00-\\x1f]*';
const number = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';
const escaped = '\\\\(?:["\\\\/bfnrt]|u[\\da-fA-F]{4})';
const scalar = `"${plain}(?:${escaped}${plain})*"|null|true|false|${number}`;

const isScalar = new RegExp(`^(?:${scalar})$`);

/** A key without escapes and its value, with all that stands around them. */
const member = new RegExp(`(${space}"(${plain})"${space}:${space})(?:${scalar})(${space}[,}])`, 'y');

/** Finds where a value ends, and not yet whether it is one: spelled out for each key, that would take long to compile. */
const anyValue = `"${plain}(?:\\\\.${plain})*"|[\\w.+-]+`;

const quote = 0x22;

const areScalars = (values: readonly string[], hasEscapes: boolean): boolean => {
  // By index, since it is done to hundreds of values of each answer.
  for (let place = 1; place < values.length; place += 1) {
    const value = values[place] ?? '';
    const isSure = value === 'null' || (!hasEscapes && value.charCodeAt(0) === quote);
    if (!isSure && !isScalar.test(value)) return false;
  }
  return true;
};

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const templateOf = (pattern: string, keys: readonly string[]): RowTemplate => {
  const row = new RegExp(pattern, 'y');
  // The first of what a match gives is the whole.
  const places = new Map(keys.map((key, index) => [key, index + 1]));
  const template: RowTemplate = {
    places,
    match: (text, at) => {
      row.lastIndex = at;
      const values = row.exec(text);
      if (!values) return null;
      const [own] = values;
      return areScalars(values, own.includes('\\')) ? { template, text: own, values } : null;
    },
  };
  return template;
};

/**
 * Learns how rows are written from one of them.
 *
 * That row is valid JSON, and valid it stays with any other values in their places: so what matches the template needs
 * no other proof.
 *
 * @param text valid JSON, in which a row begins at that place.
 * @returns `null` where the row is not flat, writes keys with escapes, has one key twice, or one that is no plain name.
 */
export const learnTemplate = (text: string, at: number): RowTemplate | null => {
  const keys: string[] = [];
  let pattern = '\\{';
  let end = '';
  member.lastIndex = at + 1;
  while (!end.endsWith('}')) {
    const found = member.exec(text);
    if (!found) return null;
    const [, before = '', key = '', after = ''] = found;
    keys.push(key);
    pattern += `${literally(before)}(${anyValue})${literally(after)}`;
    end = after;
  }
  const areDistinct = new Set(keys).size === keys.length;
  return areDistinct && !keys.includes('__proto__') ? templateOf(pattern, keys) : null;
};
