import { logo } from './logo.ts';
import { type ReadyTab, readyTabs } from './ready-queries.ts';

const asText = (value: unknown): string => JSON.stringify(value, null, 2);

/** The comment on top of the first tab, if callers are identified by tokens. */
const aboutTokens = `# This gateway requires a token. Paste it in the
# Headers pane below, after "Bearer ": the schema
# then loads, and all tabs use it. How to get one:
# docs/security.md, "Authenticate callers".
#
`;

const emptyAuthorization = { Authorization: 'Bearer ' } as const;

/** What the page depends on. */
export interface PageOptions {
  /** Whether callers are identified by tokens. */
  readonly requiresToken: boolean;
  /** Whether the upstreams are the gateway's own sandbox. */
  readonly usesSandbox: boolean;
}

/** Without the file number, so that no click writes to an account, or charges it, that only has the same number. */
const withoutAccount = ({ query, variables }: ReadyTab): ReadyTab['variables'] => {
  const { input } = variables ?? {};
  const isWrite = /^mutation /m.test(query);
  return isWrite ? { ...variables, input: { ...(input as object), fileNumber: '' } } : variables;
};

/** What GraphiQL's component is given, apart from functions. */
const propertiesOf = ({ requiresToken, usesSandbox }: PageOptions) => {
  const common = requiresToken ? emptyAuthorization : {};
  const tabs = readyTabs.map((tab: ReadyTab, index) => {
    const { query, headers } = tab;
    const variables = usesSandbox ? tab.variables : withoutAccount(tab);
    return {
      query: requiresToken && index === 0 ? `${aboutTokens}${query}` : query,
      ...(variables && { variables: asText(variables) }),
      ...((requiresToken || headers) && { headers: asText({ ...common, ...headers }) }),
    };
  });
  return {
    title: 'Recollect',
    logo,
    defaultTabs: tabs,
    // Of a new tab.
    defaultQuery: '',
    ...(requiresToken && { defaultHeaders: asText(common), defaultEditorToolsVisibility: 'headers' }),
    // Hides a switch without effect: the page stores nothing that is typed.
    shouldPersistHeaders: false,
    // Yoga's component writes typed text, including SSNs, into the address, and so into the browser's history: this
    // replaces its function.
    onEditQuery: null,
  };
};

/** The place of messages about the token, above GraphiQL. */
export const notice = '<p id="notice" role="status" hidden></p>';

export const ownStyle = `
  body { display: flex; flex-direction: column; height: 100vh; }
  main { flex: 1; min-height: 0; }
  #root, #root .graphiql-container { height: 100%; }
  h1 { position: absolute; clip-path: inset(50%); }
  .graphiql-logo { color: hsl(var(--color-neutral)) !important; }
  /* Comments in Monaco's dark theme: its own color has too little contrast with the background of GraphiQL. */
  .monaco-editor.vs-dark .mtk8 { color: #82b36d; }
  #notice { margin: 0; padding: 8px 16px; font: 15px/1.4 system-ui, sans-serif; color: #4a3500; background: #ffefc2; }
  #notice[hidden] { display: none; }
  .graphiql-dark #notice { color: #ffe9b0; background: #4a3a10; }
  @media (prefers-color-scheme: dark) {
    body:not(.graphiql-light) #notice { color: #ffe9b0; background: #4a3a10; }
  }
`;

/**
 * Returns the script that opens GraphiQL.
 *
 * If callers are identified by tokens, the schema cannot be read before one is typed. The script then waits for it, and
 * says so; it reads the schema with the first token that the gateway accepts. That token counts for all tabs without one of
 * their own. It is in a variable of this script only.
 */
export const clientScript = (options: PageOptions): string => `(() => {
  const requiresToken = ${options.requiresToken};
  const properties = ${JSON.stringify(propertiesOf(options)).replaceAll('<', '\\u003c')};

  // Browsers drop a stored page once something is posted to its address (RFC 9111, 4.4): this is another one.
  const endpoint = location.pathname + '?from=graphiql';

  const post = async (parameters, headers) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    });
    const { status } = response;
    const text = await response.text();
    try {
      return { status, result: JSON.parse(text) };
    } catch {
      // As of a proxy.
      return { status, result: { errors: [{ message: 'HTTP ' + status + ', and no JSON.' }] } };
    }
  };

  const isSubscription = ({ query, operationName }) => {
    const names = [...query.matchAll(/^\\s*subscription\\b\\s*(\\w*)/gm)].map(([, name]) => name);
    return operationName ? names.includes(operationName) : names.length > 0;
  };

  /** The results of a subscription, as they come. GraphiQL ends them by its button. */
  const subscribe = (parameters, headers) => {
    const controller = new AbortController();
    const results = async function* () {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { ...headers, accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify(parameters),
        signal: controller.signal,
      });
      if (!/^text\\/event-stream/.test(response.headers.get('content-type') ?? '')) {
        yield await response.json();
        return;
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ''; ; ) {
        const { done, value } = await reader.read();
        if (done) return;
        const blocks = (text + value).split('\\n\\n');
        text = blocks.pop();
        for (const block of blocks) {
          const [, data] = /^event: next\\ndata: (.*)$/m.exec(block) ?? [];
          if (data) yield JSON.parse(data);
        }
      }
    };
    const iterator = results();
    return {
      [Symbol.asyncIterator]() { return this; },
      next: () => iterator.next().catch((error) => {
        if (controller.signal.aborted) return { done: true, value: undefined };
        throw error;
      }),
      return: async () => {
        controller.abort();
        return { done: true, value: undefined };
      },
    };
  };

  const where = 'Paste it in the pane Headers at the bottom, after "Bearer ".';
  const messages = {
    missing: 'This gateway requires a token, also for the schema. ' + where,
    malformed: 'This is not a JSON Web Token: expected three parts with dots between them. ' + where,
    rejected: (reason) => 'The gateway rejected the token. ' + reason,
  };
  const notice = document.getElementById('notice');
  const show = (message) => {
    notice.textContent = message;
    notice.hidden = message === '';
  };

  /** The last token that was typed, in any tab. */
  let token = '';
  /** Reads the schema again, if that waits for a token. */
  let readAgain = () => {};
  const isSigned = () => /^[\\w-]+\\.[\\w-]+\\.[\\w-]+$/.test(token);

  const withToken = (headers) => {
    const [name, value] = Object.entries(headers).find(([name]) => /^authorization$/i.test(name)) ?? [];
    if (name === undefined || /^bearer +[^ ]/i.test(value)) return headers;
    const { [name]: empty, ...others } = headers;
    return token === '' ? others : { ...others, authorization: 'Bearer ' + token };
  };

  const isRejected = (status) => status === 401 || status === 403;
  const reasonIn = ({ errors }) => errors?.[0]?.message ?? '';
  const untilTyped = () => new Promise((resolve) => { readAgain = resolve; });

  const readSchema = async (parameters) => {
    for (;;) {
      if (token === '') show(messages.missing);
      else if (!isSigned()) show(messages.malformed);
      else {
        const { status, result } = await post(parameters, { authorization: 'Bearer ' + token });
        if (!isRejected(status)) {
          show('');
          return result;
        }
        show(messages.rejected(reasonIn(result)));
      }
      await untilTyped();
    }
  };

  const run = async (parameters, headers) => {
    const { status, result } = await post(parameters, withToken(headers));
    if (!isRejected(status)) show('');
    else show(token === '' ? messages.missing : messages.rejected(reasonIn(result)));
    return result;
  };

  let timer;
  const onEditHeaders = (text) => {
    const [, typed = ''] = /"authorization"\\s*:\\s*"bearer +([^"\\s]+)/i.exec(text) ?? [];
    // Tabs that are opened without a token use that of the others.
    if (typed === '' || typed === token) return;
    token = typed;
    clearTimeout(timer);
    // Not for each character: tokens that are not valid count for the limit of the address.
    timer = setTimeout(() => readAgain(), 400);
  };

  // For a moment after a tab was opened, GraphiQL names the operation of the tab before.
  const withOwnName = (parameters) => {
    const names = [...parameters.query.matchAll(/^\\s*(?:query|mutation|subscription)\\s+(\\w+)/gm)].map(([, name]) => name);
    const isOwn = names.length !== 1 || names[0] === parameters.operationName;
    return isOwn ? parameters : { ...parameters, operationName: names[0] };
  };

  const fetcher = (given, { headers = {} } = {}) => {
    const parameters = withOwnName(given);
    if (isSubscription(parameters)) return subscribe(parameters, withToken(headers));
    if (!requiresToken) return post(parameters, headers).then(({ result }) => result);
    return parameters.operationName === 'IntrospectionQuery' ? readSchema(parameters) : run(parameters, headers);
  };

  YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
    ...properties,
    fetcher,
    ...(requiresToken && { onEditHeaders }),
    // GraphiQL takes the query of the first tab, but neither its variables nor its headers.
    initialVariables: properties.defaultTabs[0].variables,
    initialHeaders: properties.defaultTabs[0].headers,
  });
})();`;
