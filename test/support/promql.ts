/** A metric in an expression, with the matchers of its labels. */
interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly values: readonly string[] }[];
}

/** Labels that Prometheus adds to each series of a target, and those of histograms' buckets. */
export const targetLabels = ['instance', 'job', 'le'];

const selectorPattern = /\b((?:recollect|process|nodejs)_\w+)(?:\{([^}]*)\})?/g;

/** Returns the metrics of the gateway in an expression; recorded series have a colon, and do not count. */
export const selectorsIn = (expression: string): Selector[] =>
  [...expression.replaceAll(/recollect:\w+/g, '').matchAll(selectorPattern)].map(
    ([, metric = '', labels = '']) => ({
      metric,
      matchers: [...labels.matchAll(/(\w+)(?:=~|!~|!=|=)"([^"]*)"/g)].map(([, label = '', value = '']) => ({
        label,
        values: value.split('|'),
      })),
    }),
  );

/** Returns the labels by which an expression groups. */
export const groupingIn = (expression: string): string[] =>
  [...expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, labels = '']) =>
    labels.split(',').flatMap((label) => label.trim() || []),
  );

/** Metrics of a scrape with the values of their labels. */
export type Scraped = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** Reads the text format of Prometheus. A histogram is listed under the names of its series. */
export const readScrape = (text: string): Scraped => {
  const scraped = new Map<string, Map<string, Set<string>>>();
  for (const line of text.split('\n')) {
    const [, type] = /^# TYPE (\w+) /.exec(line) ?? [];
    const [, sample, labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    const name = type ?? sample;
    if (name === undefined) continue;
    const known = scraped.get(name) ?? new Map<string, Set<string>>();
    scraped.set(name, known);
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  }
  return scraped;
};

/** Returns what an expression names that a scrape does not contain. */
export const missingFrom = (scraped: Scraped, expression: string, legend = ''): string[] => {
  const selectors = selectorsIn(expression);
  const missing = selectors.flatMap(({ metric, matchers }) => {
    const labels = scraped.get(metric);
    if (!labels) return [metric];
    return matchers.flatMap(({ label, values }) => {
      const found = labels.get(label);
      if (targetLabels.includes(label)) return [];
      if (!found) return [`${metric}{${label}}`];
      return values.filter((value) => !found.has(value)).map((value) => `${metric}{${label}="${value}"}`);
    });
  });
  const inLegend = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  const all = new Set([
    ...targetLabels,
    ...selectors.flatMap(({ metric }) => [...(scraped.get(metric)?.keys() ?? [])]),
  ]);
  if (selectors.length === 0) return [];
  const grouping = [...groupingIn(expression), ...inLegend].filter((label) => !all.has(label));
  return [...missing, ...grouping.map((label) => `${selectors[0]?.metric}{${label}}`)];
};
