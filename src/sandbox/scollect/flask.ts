import { type HttpAnswer, html } from '../server.ts';

// The pages of Flask for requests that no view handles.

const pages = {
  400: ['Bad Request', 'The browser (or proxy) sent a request that this server could not understand.'],
  404: [
    'Not Found',
    'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
  ],
  405: ['Method Not Allowed', 'The method is not allowed for the requested URL.'],
  413: ['Request Entity Too Large', 'The data value transmitted exceeds the capacity limit.'],
  // Flask-Limiter's: the text is the limit.
  429: ['Too Many Requests', '60 per 1 minute'],
  500: [
    'Internal Server Error',
    'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.',
  ],
} as const;

export const flaskPage = (status: keyof typeof pages, headers: Record<string, string> = {}): HttpAnswer => {
  const [title, text] = pages[status];
  const page = `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${text}</p>\n`;
  return html(page, status, headers);
};
