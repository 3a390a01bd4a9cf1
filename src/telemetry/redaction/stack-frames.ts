const most = 8;

/** The one form that V8 gives to a place in a program; a message can have any number of lines. */
const frame =
  /^\s+at (?:[\w$.<>[\]# ]{1,200} \()?(?:(?:file:\/\/|node:)?[\w@./+-]{1,500}):\d{1,6}:\d{1,6}\)?$/;

/** Where the program lies on this machine is nobody's business. */
const withoutFolder = (line: string): string =>
  line.trim().replace(/(?:file:\/\/)?\/[^\s()]*\/(?=(?:src|dist|node_modules|test)\/)/, '');

/** Where an error was thrown: never what it says. */
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
