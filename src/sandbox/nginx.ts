import { type HttpAnswer, html } from './server.ts';

const titles = {
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
} as const;

/** The page of the proxy before an API. */
export const nginxPage = (status: keyof typeof titles): HttpAnswer => {
  const title = `${status} ${titles[status]}`;
  const page = `<html>
<head><title>${title}</title></head>
<body>
<center><h1>${title}</h1></center>
<hr><center>nginx</center>
</body>
</html>
`;
  return html(page, status);
};
