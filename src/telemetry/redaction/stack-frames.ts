const most = 8;

/** The form of a V8 stack frame; a message can contain any number of lines. */
const frame =
  /^\s+at (?:[\w$.<>[\]# ]{1,200} \()?(?:(?:file:\/\/|node:)?[\w@./+-]{1,500}):\d{1,6}:\d{1,6}\)?$/;

/** Removes the installation folder of the program. */
const withoutFolder = (line: string): string =>
  line.trim().replace(/(?:file:\/\/)?\/[^\s()]*\/(?=(?:src|dist|node_modules|test)\/)/, '');

/** Returns the stack frames of an error without its message. */
export const framesOf = ({ stack, message }: Error): string[] => {
  const text = typeof stack === 'string' ? stack : '';
  const begin = text.indexOf(message);
  return text
    .slice(begin < 0 ? 0 : begin + message.length)
    .split('\n')
    .filter((line) => frame.test(line))
    .slice(0, most)
    .map(withoutFolder);
};
