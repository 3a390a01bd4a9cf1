import { styleText } from 'node:util';

const levels: Readonly<Record<number, readonly [name: string, style: 'dim' | 'green' | 'yellow' | 'red']>> = {
  10: ['TRACE', 'dim'],
  20: ['DEBUG', 'dim'],
  30: ['INFO ', 'green'],
  40: ['WARN ', 'yellow'],
  50: ['ERROR', 'red'],
  60: ['FATAL', 'red'],
};

const valueText = (value: unknown): string =>
  typeof value === 'string' && /^[\w./:@…+-]+$/.test(value) ? value : JSON.stringify(value);

/**
 * Returns a line of the log as people read it: time, level, message, details.
 *
 * Own code: pino-pretty would be a further dozen packages in production.
 */
export const prettyLine = (line: string, hasColors: boolean): string => {
  const { level, time, msg, ...details } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const [name, style] = levels[Number(level)] ?? ['     ', 'dim'];
  const shown = Object.entries(details).map(([key, value]) => ` ${key}=${valueText(value)}`);
  const head = hasColors ? styleText(style, name, { validateStream: false }) : name;
  return `${String(time)} ${head} ${String(msg)}${shown.join('')}\n`;
};
